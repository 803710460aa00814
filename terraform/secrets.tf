# The secrets of the program, in Secrets Manager, from where ECS hands them to a task. WAKA_SECRET and WAKA_OPS_TOKEN are never in the state: they are
# drawn and written in one run and forgotten. The first AUTH token of Redis is, because the provider must be told it; docs/deploy.md rotates it right after the first apply.

# Without punctuation: it becomes part of an address.
data "aws_secretsmanager_random_password" "redis" {
  password_length     = 64
  exclude_punctuation = true
}

ephemeral "aws_secretsmanager_random_password" "secret" {
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "redis_url" {
  #checkov:skip=CKV_AWS_149: AWS's own key: who may read is said by IAM, a key of our own would say it twice
  #checkov:skip=CKV2_AWS_57: rotated by the runbook: tasks read it at their start, so a rotation is a deploy
  name                    = "${local.name}/redis-url"
  description             = "WAKA_REDIS_URL: the address of Redis with its AUTH token"
  recovery_window_in_days = var.deletion_protection ? 7 : 0
}

resource "aws_secretsmanager_secret_version" "redis_url" {
  secret_id                = aws_secretsmanager_secret.redis_url.id
  secret_string_wo         = "rediss://:${aws_elasticache_replication_group.waka.auth_token}@${aws_elasticache_replication_group.waka.primary_endpoint_address}:${local.redis_port}/"
  secret_string_wo_version = 1
}

resource "aws_secretsmanager_secret" "secret" {
  #checkov:skip=CKV_AWS_149: AWS's own key: who may read is said by IAM, a key of our own would say it twice
  #checkov:skip=CKV2_AWS_57: a new one gives every player a new identity: that is for people to decide
  name                    = "${local.name}/secret"
  description             = "WAKA_SECRET: signs players' tokens"
  recovery_window_in_days = var.deletion_protection ? 7 : 0
}

resource "aws_secretsmanager_secret_version" "secret" {
  secret_id                = aws_secretsmanager_secret.secret.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.secret.random_password
  secret_string_wo_version = var.secret_version
}

ephemeral "aws_secretsmanager_random_password" "ops_token" {
  count               = var.ops_page ? 1 : 0
  password_length     = 32
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "ops_token" {
  #checkov:skip=CKV_AWS_149: AWS's own key: who may read is said by IAM, a key of our own would say it twice
  #checkov:skip=CKV2_AWS_57: changed when somebody leaves, by the runbook: tasks read it at their start
  count                   = var.ops_page ? 1 : 0
  name                    = "${local.name}/ops-token"
  description             = "WAKA_OPS_TOKEN: opens the operator's page"
  recovery_window_in_days = var.deletion_protection ? 7 : 0
}

resource "aws_secretsmanager_secret_version" "ops_token" {
  count                    = var.ops_page ? 1 : 0
  secret_id                = aws_secretsmanager_secret.ops_token[0].id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.ops_token[0].random_password
  secret_string_wo_version = var.ops_token_version
}
