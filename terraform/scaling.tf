# How many tasks there are. A task that scaling takes away gets SIGTERM like any other: it hands its mazes over, tells its players to move, and ends.

resource "aws_appautoscaling_target" "tasks" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.waka.name}/${aws_ecs_service.waka.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.tasks_min
  max_capacity       = var.tasks_max
}

# Each task tells its own connections once a minute, so their average is connections per task.
resource "aws_appautoscaling_policy" "connections" {
  name               = "${local.name}-connections"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.tasks.service_namespace
  resource_id        = aws_appautoscaling_target.tasks.resource_id
  scalable_dimension = aws_appautoscaling_target.tasks.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.connections_per_task
    scale_out_cooldown = 60  # a task is up within that
    scale_in_cooldown  = 600 # players who come back are not chased from task to task

    customized_metric_specification {
      namespace   = local.metric_namespace
      metric_name = "Connections"
      statistic   = "Average"

      dimensions {
        name  = "Service"
        value = local.service_name
      }
    }
  }
}

# For what connections do not show: many mazes, bots, a slow version.
resource "aws_appautoscaling_policy" "cpu" {
  name               = "${local.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.tasks.service_namespace
  resource_id        = aws_appautoscaling_target.tasks.resource_id
  scalable_dimension = aws_appautoscaling_target.tasks.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 50 # the other half is for the players of a task that dies
    scale_out_cooldown = 60
    scale_in_cooldown  = 600

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
