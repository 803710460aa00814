# What all tasks share: mazes, chat, boards. Node based, because a serverless cache has no AUTH of this kind and costs more at this size.

locals {
  redis_nodes  = var.redis_replicas + 1
  redis_family = var.redis_engine == "valkey" ? "valkey8" : "redis7"
  # The names that AWS gives the nodes; known before they are made, so that alarms can be.
  redis_node_names = [for index in range(local.redis_nodes) : format("%s-%03d", local.name, index + 1)]
}

resource "aws_elasticache_parameter_group" "waka" {
  name        = "${local.name}-${local.redis_family}"
  family      = local.redis_family
  description = "Waka: nothing is ever evicted"

  # An eviction policy would take records of mazes. A full Redis refuses writes instead: mazes stand, and an alarm has told before.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  # Two primaries at once are prevented here, not by Waka: a primary cut off from its copies takes no writes. Only with two copies: with one, the loss of the
  # copy would stop the game.
  parameter {
    name  = "min-replicas-to-write"
    value = var.redis_replicas >= 2 ? "1" : "0"
  }

  parameter {
    name  = "min-replicas-max-lag"
    value = "5"
  }
}

resource "aws_elasticache_subnet_group" "waka" {
  name       = local.name
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_elasticache_replication_group" "waka" {
  #checkov:skip=CKV_AWS_191: encrypted at rest with AWS's own key: a key of our own would cost more than it guards, which is a game's scores
  #checkov:skip=CKV2_AWS_50: Multi-AZ with failover in production; a test stack has one node
  replication_group_id = local.name
  description          = "Waka: mazes, chat, boards"
  engine               = var.redis_engine
  engine_version       = var.redis_engine == "valkey" ? "8.0" : "7.1"
  node_type            = var.redis_node_type
  num_cache_clusters   = local.redis_nodes
  port                 = local.redis_port
  parameter_group_name = aws_elasticache_parameter_group.waka.name
  subnet_group_name    = aws_elasticache_subnet_group.waka.name
  security_group_ids   = [aws_security_group.redis.id]

  multi_az_enabled           = var.redis_replicas > 0
  automatic_failover_enabled = var.redis_replicas > 0

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = data.aws_secretsmanager_random_password.redis.random_password
  auth_token_update_strategy = "ROTATE"

  snapshot_retention_limit  = var.redis_snapshot_retention_days
  snapshot_window           = "18:00-19:00"
  maintenance_window        = "sun:19:30-sun:20:30"
  final_snapshot_identifier = var.deletion_protection ? "${local.name}-last" : null
  apply_immediately         = false

  # The token is drawn once; from then on it is rotated by the runbook, and what the state holds is dead.
  lifecycle {
    ignore_changes = [auth_token, auth_token_update_strategy]
  }
}
