# The program: its image, its task, its service. A new image_tag is a rolling deploy: new tasks first, then the old ones drain.

resource "aws_ecr_repository" "waka" {
  #checkov:skip=CKV_AWS_136: AWS's own key: the image holds no secret, its source is public
  name                 = local.name
  image_tag_mutability = "IMMUTABLE" # a tag names one build, or a roll back would be a guess
  force_delete         = !var.deletion_protection

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "waka" {
  repository = aws_ecr_repository.waka.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "What lost its tag is no way back"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Twenty versions to roll back to"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 20 }
        action       = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecs_cluster" "waka" {
  #checkov:skip=CKV_AWS_65: no Container Insights: Waka tells the numbers that matter itself, at a hundredth of the price
  name = local.name
}

# A test stack runs on what nobody else wants at the moment. It is told two minutes before it is taken away, and Waka needs thirteen seconds at most.
resource "aws_ecs_cluster_capacity_providers" "waka" {
  cluster_name       = aws_ecs_cluster.waka.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

locals {
  environment = {
    WAKA_LISTEN           = "0.0.0.0:${local.listen_port}"
    WAKA_ROLE             = "all" # each task takes sockets and leads mazes
    WAKA_LOG              = "json"
    WAKA_BOTS             = tostring(var.bots)
    WAKA_ALLOWED_ORIGINS  = local.page_origin
    WAKA_TRUSTED_PROXIES  = var.vpc_cidr
    WAKA_CLOUDWATCH_GROUP = aws_cloudwatch_log_group.log.name
    WAKA_SERVICE          = local.service_name
    AWS_REGION            = var.region
  }
}

resource "aws_ecs_task_definition" "waka" {
  #checkov:skip=CKV_AWS_249: two roles on purpose: one starts the task and reads its secrets, the other is the program's and cannot
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task_cpu_units
  memory                   = var.task_memory_mib
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  container_definitions = jsonencode([{
    name                   = "waka"
    image                  = "${aws_ecr_repository.waka.repository_url}:${var.image_tag}"
    essential              = true
    user                   = "10001" # as the Dockerfile has it
    readonlyRootFilesystem = true
    portMappings           = [{ containerPort = local.listen_port, protocol = "tcp" }]
    environment            = [for name, value in local.environment : { name = name, value = value }]

    secrets = concat([
      { name = "WAKA_REDIS_URL", valueFrom = aws_secretsmanager_secret.redis_url.arn },
      { name = "WAKA_SECRET", valueFrom = aws_secretsmanager_secret.secret.arn },
    ], [for token in aws_secretsmanager_secret.ops_token : { name = "WAKA_OPS_TOKEN", valueFrom = token.arn }])

    healthCheck = {
      command     = ["CMD", "waka", "health"]
      interval    = 10
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }

    # Draining takes at most thirteen seconds, the last lines of the log included: each of its steps has a deadline. SIGKILL comes after this.
    stopTimeout = 30

    linuxParameters = { capabilities = { drop = ["ALL"] } }
    # Above the 20,000 connections that a process lets in.
    ulimits = [{ name = "nofile", softLimit = 65535, hardLimit = 65535 }]

    # What Waka prints, for when it cannot reach its own group. Never blocking: a log must not stop a game.
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.stdout.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "task"
        mode                  = "non-blocking"
        max-buffer-size       = "4m"
      }
    }
  }])
}

resource "aws_ecs_service" "waka" {
  #checkov:skip=CKV_AWS_333: public addresses in a test stack only, where they replace the endpoints; nothing may connect to them
  name            = local.name
  cluster         = aws_ecs_cluster.waka.id
  task_definition = aws_ecs_task_definition.waka.arn
  desired_count   = var.tasks_min
  propagate_tags  = "SERVICE"

  capacity_provider_strategy {
    capacity_provider = local.is_production ? "FARGATE" : "FARGATE_SPOT"
    weight            = 1
  }

  # Never fewer than before: a new task serves before an old one drains, and hands its mazes to it.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  # A version that does not come up is taken back without anybody's doing.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # From the start of a task to the first healthy answer.
  health_check_grace_period_seconds = 60

  network_configuration {
    subnets          = local.is_production ? aws_subnet.private[*].id : [aws_subnet.public[0].id]
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = !local.is_production
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.waka.arn
    container_name   = "waka"
    container_port   = local.listen_port
  }

  # Scaling sets the number from here on.
  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [
    aws_lb_listener_rule.game,
    aws_ecs_cluster_capacity_providers.waka,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_vpc_endpoint.interface,
    aws_vpc_security_group_egress_rule.tasks_to_redis,
    aws_vpc_security_group_ingress_rule.redis_from_tasks,
    aws_secretsmanager_secret_version.redis_url,
    aws_secretsmanager_secret_version.secret,
    aws_secretsmanager_secret_version.ops_token,
  ]
}
