# Where lines go, and the one picture of how it goes. Numbers need no filter here: Waka writes them in the embedded metric format, a line a minute.

# The program's own log, written by itself in batches, so that it arrives even when the task is killed a second later.
resource "aws_cloudwatch_log_group" "log" {
  #checkov:skip=CKV_AWS_158: AWS's own key: the log holds no secrets
  #checkov:skip=CKV_AWS_338: kept as long as the operator says; a game's log is of no use after a season
  name              = "/waka/${var.name}/log"
  retention_in_days = var.log_retention_days
}

# What a task prints: the same lines, and those of a start that failed. For when the first group has nothing.
resource "aws_cloudwatch_log_group" "stdout" {
  #checkov:skip=CKV_AWS_158: AWS's own key: the log holds no secrets
  #checkov:skip=CKV_AWS_338: a copy, needed for days only
  name              = "/waka/${var.name}/stdout"
  retention_in_days = min(var.log_retention_days, 7)
}

resource "aws_cloudwatch_query_definition" "why" {
  name            = "${local.name}/why"
  log_group_names = [aws_cloudwatch_log_group.log.name]

  query_string = <<-QUERY
    fields @timestamp, level, event, message, maze, epoch, tick, instance
    | filter level in ["WARN", "ERROR"]
    | sort @timestamp desc
    | limit 200
  QUERY
}

locals {
  # A row of the dashboard: title, statistic, and metrics of Waka by name.
  charts = [
    { title = "Connections and players", stat = "Sum", names = ["Connections", "Players"] },
    { title = "Mazes led, and without a leader", stat = "Sum", names = ["MazesLed", "MazesWithoutLeader"] },
    { title = "Tick and commit, slowest task's p99 in ms", stat = "Maximum", names = ["TickP99", "CommitP99"] },
    { title = "Late ticks, errors, lost log lines, Redis reconnects", stat = "Sum", names = ["LateTicks", "Errors", "LogDrops", "RedisReconnects"] },
  ]

  widgets = concat(
    [for chart in local.charts : {
      title   = chart.title
      stat    = chart.stat
      metrics = [for name in chart.names : [local.metric_namespace, name, "Service", local.service_name]]
    }],
    [
      {
        title   = "CPU and memory of tasks, %"
        stat    = "Average"
        metrics = [for name in ["CPUUtilization", "MemoryUtilization"] : ["AWS/ECS", name, "ClusterName", local.name, "ServiceName", local.name]]
      },
      {
        title   = "Redis memory, % of each node"
        stat    = "Maximum"
        metrics = [for node in local.redis_node_names : ["AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "CacheClusterId", node]]
      },
      {
        title   = "Redis engine CPU, % of each node"
        stat    = "Maximum"
        metrics = [for node in local.redis_node_names : ["AWS/ElastiCache", "EngineCPUUtilization", "CacheClusterId", node]]
      },
      {
        title   = "Answers 5xx, of balancer and tasks"
        stat    = "Sum"
        metrics = [for name in ["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"] : ["AWS/ApplicationELB", name, "LoadBalancer", aws_lb.waka.arn_suffix]]
      },
    ],
  )
}

resource "aws_cloudwatch_dashboard" "waka" {
  dashboard_name = local.name

  dashboard_body = jsonencode({
    widgets = [for index, widget in local.widgets : {
      type   = "metric"
      x      = 12 * (index % 2)
      y      = 6 * floor(index / 2)
      width  = 12
      height = 6
      properties = {
        title   = widget.title
        region  = var.region
        view    = "timeSeries"
        period  = 60
        stat    = widget.stat
        metrics = widget.metrics
      }
    }]
  })
}
