# What wakes somebody. Each alarm says in its description why it is there and what to do first; docs/deploy.md has the rest.

resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26: alarms cannot publish to a topic under AWS's own key, and a key of our own would guard names of alarms
  name = "${local.name}-alarms"
}

data "aws_iam_policy_document" "alarms" {
  # Alarms of this account, to tell.
  statement {
    sid       = "Alarms"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }

  # The budget of this account, to tell.
  statement {
    sid       = "Budget"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

resource "aws_sns_topic_subscription" "mail" {
  for_each  = var.alarm_emails
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.key
}

locals {
  of_service  = { Service = local.service_name }
  of_balancer = { LoadBalancer = aws_lb.waka.arn_suffix }
  of_targets  = { LoadBalancer = aws_lb.waka.arn_suffix, TargetGroup = aws_lb_target_group.waka.arn_suffix }

  # `minutes` of the last `minutes` must be over; `missing` is what no number at all means.
  alarms = merge({
    no-leader = {
      why       = "A maze with people in it has had no leader for three minutes, though a takeover takes half a second: they see a standstill. Look for WARN lines with its maze; is Redis writable?"
      namespace = local.metric_namespace, metric = "MazesWithoutLeader", dimensions = local.of_service
      statistic = "Maximum", comparison = "GreaterThanThreshold", threshold = 0, minutes = 3, missing = "notBreaching"
    }
    late-ticks = {
      why       = "Mazes have run late for five minutes, a second's worth of ticks in each: players see jerks. Tasks lack CPU: raise tasks_min or task_cpu_units; else look at CommitP99."
      namespace = local.metric_namespace, metric = "LateTicks", dimensions = local.of_service
      statistic = "Sum", comparison = "GreaterThanThreshold", threshold = 60, minutes = 5, missing = "notBreaching"
    }
    errors = {
      why       = "Waka logged an ERROR: a panic in a maze, or what it could not mend itself. Run the saved query `why`; a panic's line names its black box."
      namespace = local.metric_namespace, metric = "Errors", dimensions = local.of_service
      statistic = "Sum", comparison = "GreaterThanThreshold", threshold = 0, minutes = 1, missing = "notBreaching"
    }
    log-drops = {
      why       = "Lines of the log were lost, so the log no longer tells all. CloudWatch was away or throttled; standard output has them for a week."
      namespace = local.metric_namespace, metric = "LogDrops", dimensions = local.of_service
      statistic = "Sum", comparison = "GreaterThanThreshold", threshold = 0, minutes = 1, missing = "notBreaching"
    }
    redis-reconnects = {
      why       = "Connections to Redis have been made anew for three minutes on end: a fail-over takes one. Look at Redis's events; was its token rotated without a deploy?"
      namespace = local.metric_namespace, metric = "RedisReconnects", dimensions = local.of_service
      statistic = "Sum", comparison = "GreaterThanThreshold", threshold = 0, minutes = 3, missing = "notBreaching"
    }
    silent = {
      why       = "No task has told its numbers for five minutes: none runs, or none can write its log. Look at the service's events and at standard output."
      namespace = local.metric_namespace, metric = "Connections", dimensions = local.of_service
      statistic = "SampleCount", comparison = "LessThanThreshold", threshold = 1, minutes = 5, missing = "breaching"
    }
    balancer-5xx = {
      why       = "The balancer answered for tasks that did not: players cannot connect. Are there healthy tasks? See unhealthy-tasks and the service's events."
      namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", dimensions = local.of_balancer
      statistic = "Sum", comparison = "GreaterThanThreshold", threshold = 10, minutes = 3, missing = "notBreaching"
    }
    task-5xx = {
      why       = "Tasks refuse: not ready (Redis does not answer) or full (20,000 connections). A deploy gives a few; this many is an outage. Look at /api/status and redis alarms."
      namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local.of_targets
      statistic = "Sum", comparison = "GreaterThanThreshold", threshold = 20, minutes = 3, missing = "notBreaching"
    }
    unhealthy-tasks = {
      why       = "A task has not answered /healthz for three minutes, and ECS has not replaced it. Look at the service's events: no image, no secret, no address?"
      namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", dimensions = local.of_targets
      statistic = "Maximum", comparison = "GreaterThanThreshold", threshold = 0, minutes = 3, missing = "notBreaching"
    }
    few-tasks = {
      why       = "Fewer tasks are healthy than should always run: the next death may be noticed. Look at the service's events."
      namespace = "AWS/ApplicationELB", metric = "HealthyHostCount", dimensions = local.of_targets
      statistic = "Minimum", comparison = "LessThanThreshold", threshold = var.tasks_min, minutes = 10, missing = "breaching"
    }
    }, {
    for node in local.redis_node_names : "redis-memory-${node}" => {
      why       = "Redis is filling up, and a full one refuses writes: every maze stands. Nothing of Waka grows by itself, so find out what did; then a larger redis_node_type."
      namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", dimensions = { CacheClusterId = node }
      statistic = "Maximum", comparison = "GreaterThanThreshold", threshold = 70, minutes = 5, missing = "missing"
    }
    }, {
    for node in local.redis_node_names : "redis-cpu-${node}" => {
      why       = "Redis runs on one core, and it is nearly used up: commits wait, mazes run late. A node type with a faster core."
      namespace = "AWS/ElastiCache", metric = "EngineCPUUtilization", dimensions = { CacheClusterId = node }
      statistic = "Average", comparison = "GreaterThanThreshold", threshold = 70, minutes = 5, missing = "missing"
    }
  })
}

resource "aws_cloudwatch_metric_alarm" "waka" {
  for_each            = local.alarms
  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.why
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  datapoints_to_alarm = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# Of the whole account: what runs away is seldom what one was looking at.
resource "aws_budgets_budget" "month" {
  name         = local.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.budget_usd_per_month)
  limit_unit   = "USD"

  # What is spent is spent: told late, but sure.
  notification {
    notification_type         = "ACTUAL"
    comparison_operator       = "GREATER_THAN"
    threshold                 = 80
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [aws_sns_topic.alarms.arn]
  }

  # What will be spent if it goes on like this: told while there is time.
  notification {
    notification_type         = "FORECASTED"
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [aws_sns_topic.alarms.arn]
  }

  depends_on = [aws_sns_topic_policy.alarms]
}
