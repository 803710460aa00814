# What several files need to agree on: names, and what the two kinds of stack do differently.

data "aws_caller_identity" "me" {}

data "aws_partition" "here" {}

locals {
  name          = "waka-${var.name}"
  is_production = var.stack == "production"
  account_id    = data.aws_caller_identity.me.account_id

  # A balancer wants two zones even for a test; everything else then lives in the first.
  zone_count    = length(var.zones)
  public_cidrs  = [for index in range(local.zone_count) : cidrsubnet(var.vpc_cidr, 4, index)]
  private_cidrs = [for index in range(local.zone_count) : cidrsubnet(var.vpc_cidr, 4, index + 8)]

  # Where the operator's page is, if it is.
  ops_paths = var.ops_page ? ["/ops", "/ops/*"] : []

  # The program's own port: WAKA_LISTEN.
  listen_port = 8080
  redis_port  = 6379

  # The page and the socket share one name, so the page needs no `--server`.
  page_origin = "https://${var.domain_name}"

  # As docs/logging.md names them.
  metric_namespace = "Waka"
  service_name     = local.name
}
