# The way of a socket from CloudFront to a task. No stickiness: any task serves any player.

resource "aws_lb" "waka" {
  #checkov:skip=CKV_AWS_91: no access log: it would be addresses of players at 1 line a connection; refusals and closes are counted by the gateway
  #checkov:skip=CKV_AWS_150: protected in production by the variable; a test stack is there to be thrown away
  #checkov:skip=CKV2_AWS_28: no firewall: it cannot look into an open WebSocket; the gateway bounds connections, messages and bytes per address itself
  #checkov:skip=CKV2_AWS_20: there is no port 80 here that could be redirected; CloudFront turns HTTP to HTTPS
  name                       = local.name
  load_balancer_type         = "application"
  internal                   = false #tfsec:ignore:aws-elb-alb-not-public CloudFront's VPC origins carry no WebSockets
  subnets                    = aws_subnet.public[*].id
  security_groups            = [aws_security_group.balancer.id]
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true

  # Waka pings every 15 s, so a socket is idle this long only if its far end is gone; the default of 60 s would do, with less room.
  idle_timeout = 120

  # CloudFront writes the viewer's address last. Appending CloudFront's own would make all players behind one of its machines one address to Waka,
  # which then lets in 64 of them. So the header is left as it is, and the VPC, the balancer's home, is the one proxy to trust.
  xff_header_processing_mode = "preserve"
}

resource "aws_lb_target_group" "waka" {
  #checkov:skip=CKV_AWS_378: TLS ends here; between balancer and tasks lie only our own subnets, and Waka speaks no TLS
  name_prefix = "waka-"
  vpc_id      = aws_vpc.waka.id
  target_type = "ip"
  protocol    = "HTTP"
  port        = local.listen_port

  # An open socket is an outstanding request: new ones go where there are fewest.
  load_balancing_algorithm_type = "least_outstanding_requests"

  # ECS takes a task out of here, waits this long, and only then sends SIGTERM. Requests here are sockets, which never end by themselves: the default of
  # 300 s would only stall the deploy. Waka tells its players to move at SIGTERM.
  deregistration_delay = 10

  # Whether the process lives. Not /readyz: while Redis is away no task is ready, and ECS would kill them all with the mazes that they remember.
  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.waka.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  # /metrics, /readyz and the page's files are nobody's business here.
  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "not here"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "game" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.waka.arn
  }

  condition {
    path_pattern {
      # With the host below these are five values, the most that a rule may have.
      values = concat(["/ws", "/api/*"], local.ops_paths)
    }
  }

  condition {
    host_header {
      values = [var.origin_domain_name]
    }
  }
}

resource "aws_route53_record" "origin" {
  count   = var.zone_id == null ? 0 : 1
  zone_id = var.zone_id
  name    = var.origin_domain_name
  type    = "A"

  alias {
    name                   = aws_lb.waka.dns_name
    zone_id                = aws_lb.waka.zone_id
    evaluate_target_health = false
  }
}
