# Who can reach whom by address. Public subnets hold the balancer; tasks and Redis live in private ones that have no way to the internet at all: what the
# tasks need of AWS comes through endpoints. A test stack saves the endpoints: its tasks have public addresses, and nothing may connect to them.

resource "aws_vpc" "waka" {
  #checkov:skip=CKV2_AWS_11: no flow log: two security groups that name each other leave little to see, and every refused client is counted by the gateway
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # private names of the endpoints

  tags = { Name = local.name }
}

# Nobody belongs to the group that a VPC is born with; it has no rules.
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.waka.id
}

resource "aws_internet_gateway" "waka" {
  vpc_id = aws_vpc.waka.id

  tags = { Name = local.name }
}

resource "aws_subnet" "public" {
  count             = local.zone_count
  vpc_id            = aws_vpc.waka.id
  availability_zone = var.zones[count.index]
  cidr_block        = local.public_cidrs[count.index]

  tags = { Name = "${local.name}-public-${var.zones[count.index]}" }
}

resource "aws_subnet" "private" {
  count             = local.zone_count
  vpc_id            = aws_vpc.waka.id
  availability_zone = var.zones[count.index]
  cidr_block        = local.private_cidrs[count.index]

  tags = { Name = "${local.name}-private-${var.zones[count.index]}" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.waka.id

  tags = { Name = "${local.name}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.waka.id
}

resource "aws_route_table_association" "public" {
  count          = local.zone_count
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.waka.id

  tags = { Name = "${local.name}-private" }
}

resource "aws_route_table_association" "private" {
  count          = local.zone_count
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private.id
}

locals {
  # ecr.api and ecr.dkr to pull the image, logs to tell what happens, secretsmanager for the two secrets.
  endpoints = local.is_production ? toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"]) : toset([])
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = local.endpoints
  vpc_id              = aws_vpc.waka.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.private[*].id
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true

  tags = { Name = "${local.name}-${each.key}" }
}

# The layers of the image lie in S3. This kind of endpoint costs nothing.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.waka.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]

  tags = { Name = "${local.name}-s3" }
}
