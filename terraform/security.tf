# Who may speak with whom, and nothing else: CloudFront -> balancer -> tasks -> Redis. Each rule says why it is there.

# CloudFront's own addresses, kept up to date by AWS. It counts as 55 rules of the 60 that a group may have.
data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "balancer" {
  name_prefix = "${local.name}-balancer-"
  description = "The balancer: reached by CloudFront only"
  vpc_id      = aws_vpc.waka.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "tasks" {
  name_prefix = "${local.name}-tasks-"
  description = "Waka: reached by the balancer only"
  vpc_id      = aws_vpc.waka.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "redis" {
  name_prefix = "${local.name}-redis-"
  description = "Redis: reached by Waka only"
  vpc_id      = aws_vpc.waka.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "endpoints" {
  #checkov:skip=CKV2_AWS_5: attached to the endpoints of a production stack; a test stack has none
  name_prefix = "${local.name}-endpoints-"
  description = "The ways to AWS: reached by Waka only"
  vpc_id      = aws_vpc.waka.id

  lifecycle {
    create_before_destroy = true
  }
}

# Players come through CloudFront. It is also what makes X-Forwarded-For worth believing: nobody else can send one.
resource "aws_vpc_security_group_ingress_rule" "balancer_from_cloudfront" {
  security_group_id = aws_security_group.balancer.id
  description       = "HTTPS from CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "balancer_to_tasks" {
  security_group_id            = aws_security_group.balancer.id
  description                  = "Players and health checks to Waka"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = local.listen_port
  to_port                      = local.listen_port
}

resource "aws_vpc_security_group_ingress_rule" "tasks_from_balancer" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "Players and health checks from the balancer"
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = local.listen_port
  to_port                      = local.listen_port
}

resource "aws_vpc_security_group_egress_rule" "tasks_to_redis" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "Mazes, chat and boards in Redis"
  referenced_security_group_id = aws_security_group.redis.id
  ip_protocol                  = "tcp"
  from_port                    = local.redis_port
  to_port                      = local.redis_port
}

resource "aws_vpc_security_group_egress_rule" "tasks_to_endpoints" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "Image, secrets and logs through the endpoints"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "tasks_to_s3" {
  security_group_id = aws_security_group.tasks.id
  description       = "Layers of the image, through the S3 endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# A test stack has no endpoints: its tasks find AWS over the internet. Nothing comes in this way.
resource "aws_vpc_security_group_egress_rule" "tasks_to_internet" {
  count             = local.is_production ? 0 : 1
  security_group_id = aws_security_group.tasks.id
  description       = "AWS over the internet, test stack only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "redis_from_tasks" {
  security_group_id            = aws_security_group.redis.id
  description                  = "Waka"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = local.redis_port
  to_port                      = local.redis_port
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_tasks" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "Waka"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
