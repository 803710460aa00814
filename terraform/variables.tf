# What an operator says. What costs money or opens a door has no default: it is written down in a .tfvars file, see the two examples beside this file.

# --- what and where

variable "name" {
  type        = string
  description = "Tells this stack from others in the account; part of every name."
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,13}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "The name is 2 to 15 lower-case letters, digits and single hyphens, and begins with a letter."
  }
}

variable "stack" {
  type        = string
  description = "production: two or more zones, private tasks, replicated Redis. test: one zone, one Redis node, interruptible tasks with public addresses."
  validation {
    condition     = contains(["production", "test"], var.stack)
    error_message = "The stack is production or test."
  }
}

variable "region" {
  type        = string
  description = "AWS region, such as ap-northeast-2. Players far from it feel it."
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region looks like us-east-1."
  }
}

variable "account_id" {
  type        = string
  description = "The only account that this may touch; null: whichever the credentials belong to."
  default     = null
  validation {
    condition     = var.account_id == null || can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "zones" {
  type        = list(string)
  description = "Availability zones, such as us-east-1a and us-east-1b. A test stack runs in the first; its balancer wants a second all the same."
  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 4 && length(distinct(var.zones)) == length(var.zones) && alltrue([for zone in var.zones : startswith(zone, var.region)])
    error_message = "2 to 4 different zones of the region."
  }
}

variable "vpc_cidr" {
  type        = string
  description = "Private addresses of the stack, /16 to /20. It is also WAKA_TRUSTED_PROXIES: whoever speaks from in here may say for whom."
  default     = "10.64.0.0/16"
  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && try(tonumber(split("/", var.vpc_cidr)[1]), 0) >= 16 && try(tonumber(split("/", var.vpc_cidr)[1]), 99) <= 20
    error_message = "The network is an IPv4 CIDR of /16 to /20."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Whether `destroy` is refused: balancer protected, buckets and images kept, Redis leaves a last snapshot, secrets can be restored for a week."
}

# --- names and certificates

variable "domain_name" {
  type        = string
  description = "Where players go, such as play.example.com. It becomes WAKA_ALLOWED_ORIGINS."
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name))
    error_message = "The domain is a lower-case host name without a scheme."
  }
}

variable "origin_domain_name" {
  type        = string
  description = "Where CloudFront finds the balancer, such as origin.play.example.com. Players never see it."
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.origin_domain_name)) && var.origin_domain_name != var.domain_name
    error_message = "The origin's domain is a lower-case host name without a scheme, and another than domain_name."
  }
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate for origin_domain_name, in the stack's own region: the balancer's."
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/", var.certificate_arn)) && try(split(":", var.certificate_arn)[3], "") == var.region
    error_message = "The balancer's certificate is an ACM ARN in the stack's region."
  }
}

variable "cloudfront_certificate_arn" {
  type        = string
  description = "ACM certificate for domain_name, in us-east-1, where CloudFront looks for it."
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/", var.cloudfront_certificate_arn))
    error_message = "CloudFront's certificate is an ACM ARN in us-east-1."
  }
}

variable "zone_id" {
  type        = string
  description = "Route 53 zone to write both names into; null: you write them elsewhere, the outputs say what."
  default     = null
  validation {
    condition     = var.zone_id == null || can(regex("^[A-Z0-9]{5,32}$", var.zone_id))
    error_message = "A zone id is capital letters and digits."
  }
}

# --- the program

variable "image_tag" {
  type        = string
  description = "Tag of the image in the stack's registry. A new one is a new version, an old one a roll back."
  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "The tag names one build; `latest` names none."
  }
}

variable "site_dir" {
  type        = string
  description = "The folder that `waka site --out` wrote, of the same version as the image."
  validation {
    condition     = fileexists("${var.site_dir}/headers.json")
    error_message = "The folder has no headers.json: write it with `waka site --out`."
  }
}

variable "cpu_architecture" {
  type        = string
  description = "What the image was built for."
  default     = "X86_64"
  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "The architecture is X86_64 or ARM64."
  }
}

variable "bots" {
  type        = number
  description = "WAKA_BOTS: bots kept in every maze that has people in it."
  default     = 0
  validation {
    condition     = var.bots >= 0 && var.bots <= 15 && floor(var.bots) == var.bots
    error_message = "Bots are a whole number from 0 to 15."
  }
}

# --- size

variable "task_cpu_units" {
  type        = number
  description = "CPU of a task; 1024 are one core."
  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.task_cpu_units)
    error_message = "Fargate takes 256, 512, 1024, 2048 or 4096 units."
  }
}

variable "task_memory_mib" {
  type        = number
  description = "Memory of a task. Waka takes about 10 KiB a connection; Fargate asks for at least 2 MiB a CPU unit."
  validation {
    condition     = var.task_memory_mib >= 512 && var.task_memory_mib >= 2 * var.task_cpu_units && var.task_memory_mib <= 8 * var.task_cpu_units
    error_message = "Fargate takes 2 to 8 MiB a CPU unit, and at least 512."
  }
}

variable "tasks_min" {
  type        = number
  description = "Tasks that always run. With two, one may die unnoticed."
  validation {
    condition     = var.tasks_min >= (var.stack == "production" ? 2 : 1)
    error_message = "A production stack has at least two tasks, a test stack one."
  }
}

variable "tasks_max" {
  type        = number
  description = "Tasks that scaling may start: the bound of the bill."
  validation {
    condition     = var.tasks_max >= var.tasks_min && var.tasks_max <= 100
    error_message = "At least tasks_min, at most 100."
  }
}

variable "connections_per_task" {
  type        = number
  description = "Connections a task that scaling aims at. A process refuses more than 20,000."
  validation {
    condition     = var.connections_per_task >= 50 && var.connections_per_task <= 15000
    error_message = "From 50 to 15,000, so that a task has room when another dies."
  }
}

variable "redis_engine" {
  type        = string
  description = "valkey (8.0, the cheaper) or redis (7.1)."
  default     = "valkey"
  validation {
    condition     = contains(["valkey", "redis"], var.redis_engine)
    error_message = "The engine is valkey or redis."
  }
}

variable "redis_node_type" {
  type        = string
  description = "Size of a Redis node, such as cache.t4g.small. Mazes are small: a few KiB each."
  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.redis_node_type))
    error_message = "A node type looks like cache.t4g.small."
  }
}

variable "redis_replicas" {
  type        = number
  description = "Copies beside the primary. With two, a write counts only once a copy has it (min-replicas-to-write)."
  validation {
    condition     = var.redis_replicas <= 5 && var.redis_replicas >= (var.stack == "production" ? 1 : 0)
    error_message = "A production stack has 1 to 5 replicas, a test stack 0 to 5."
  }
}

variable "redis_snapshot_retention_days" {
  type        = number
  description = "Days that the nightly snapshot is kept: what boards and mazes come back from if all nodes are lost."
  validation {
    condition     = var.redis_snapshot_retention_days <= 35 && var.redis_snapshot_retention_days >= (var.stack == "production" ? 1 : 0)
    error_message = "From 0 to 35 days, in production at least 1."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that the log is kept."
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400], var.log_retention_days)
    error_message = "CloudWatch takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400 days."
  }
}

variable "price_class" {
  type        = string
  description = "Where CloudFront serves from: PriceClass_100 (North America, Europe), PriceClass_200 (and most of Asia), PriceClass_All."
  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "One of CloudFront's three price classes."
  }
}

# --- who is told

variable "alarm_emails" {
  type        = set(string)
  description = "Who hears of alarms and of the budget; each confirms once by mail."
  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "At least one mail address: an alarm that nobody hears is none."
  }
}

variable "budget_usd_per_month" {
  type        = number
  description = "What the account may spend a month before somebody is told. It stops nothing."
  validation {
    condition     = var.budget_usd_per_month > 0
    error_message = "A budget is above zero."
  }
}

# --- secrets

variable "secret_version" {
  type        = number
  description = "Raise it to have WAKA_SECRET drawn anew: every player then gets a new identity. See docs/deploy.md."
  default     = 1
  validation {
    condition     = var.secret_version >= 1 && floor(var.secret_version) == var.secret_version
    error_message = "A whole number from 1."
  }
}

variable "ops_page" {
  type        = bool
  description = "Whether the operator's page is at /ops, for whoever has its token (Secrets Manager, waka-NAME/ops-token). It opens a door, so say it."
}

variable "ops_token_version" {
  type        = number
  description = "Raise it to have the token of /ops drawn anew: every session then ends. See docs/deploy.md."
  default     = 1
  validation {
    condition     = var.ops_token_version >= 1 && floor(var.ops_token_version) == var.ops_token_version
    error_message = "A whole number from 1."
  }
}

variable "response_headers_policy_id" {
  type        = string
  description = "A CloudFront response headers policy to use; null: one is made from headers.json. An account may have 20 of its own."
  default     = null
  validation {
    condition     = var.response_headers_policy_id == null || can(regex("^[0-9a-f-]{36}$", var.response_headers_policy_id))
    error_message = "A policy id is a UUID."
  }
}
