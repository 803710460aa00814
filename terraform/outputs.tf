# What an operator types or clicks next.

output "url" {
  description = "Where players go."
  value       = "${local.page_origin}/"
}

output "names_to_write" {
  description = "Without zone_id: the two CNAME records to write where your names live."
  value = var.zone_id != null ? {} : {
    (var.domain_name)        = aws_cloudfront_distribution.waka.domain_name
    (var.origin_domain_name) = aws_lb.waka.dns_name
  }
}

output "registry" {
  description = "Where the image is pushed to."
  value       = aws_ecr_repository.waka.repository_url
}

output "login" {
  description = "Lets docker push there."
  value       = "aws ecr get-login-password --region ${var.region} | docker login --username AWS --password-stdin ${split("/", aws_ecr_repository.waka.repository_url)[0]}"
}

output "watch_deploy" {
  description = "Returns when a deploy is through."
  value       = "aws ecs wait services-stable --region ${var.region} --cluster ${aws_ecs_cluster.waka.name} --services ${aws_ecs_service.waka.name}"
}

output "restart" {
  description = "Starts every task anew, one after another, so that it reads its secrets again."
  value       = "aws ecs update-service --region ${var.region} --cluster ${aws_ecs_cluster.waka.name} --service ${aws_ecs_service.waka.name} --force-new-deployment"
}

output "follow_log" {
  description = "The program's log as it is written."
  value       = "aws logs tail ${aws_cloudwatch_log_group.log.name} --region ${var.region} --follow --format short"
}

output "follow_stdout" {
  description = "What tasks print, for when the log has nothing."
  value       = "aws logs tail ${aws_cloudwatch_log_group.stdout.name} --region ${var.region} --follow --format short"
}

output "dashboard" {
  description = "How it goes."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${local.name}"
}

output "redis_id" {
  description = "The replication group, for the rotation of its token."
  value       = aws_elasticache_replication_group.waka.id
}

output "redis_endpoint" {
  description = "The primary, for the rotation of its token."
  value       = "${aws_elasticache_replication_group.waka.primary_endpoint_address}:${local.redis_port}"
}

output "redis_url_secret" {
  description = "Where tasks find the address of Redis."
  value       = aws_secretsmanager_secret.redis_url.name
}

output "ops_token_secret" {
  description = "Where the token of /ops lies; null: there is no such page."
  value       = one(aws_secretsmanager_secret.ops_token[*].name)
}
