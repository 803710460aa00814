# The page in a bucket, and CloudFront before both the bucket and the balancer: one name for players, HTTPS only. What is served how is read from the
# headers.json that `waka site` wrote, so page and policy are of one version.

locals {
  site = jsondecode(file("${var.site_dir}/headers.json"))
  # Files that are found by the same name in every version come last: they name the others.
  site_entries = { for path, serving in local.site.files : path => serving if serving.cache_control == "no-cache" }
  site_hashed  = { for path, serving in local.site.files : path => serving if serving.cache_control != "no-cache" }

  # AWS's own policies, by the ids that it publishes.
  managed_caching_optimized   = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  managed_caching_disabled    = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  managed_all_viewer_but_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
  response_headers_policy_id  = coalesce(var.response_headers_policy_id, one(aws_cloudfront_response_headers_policy.page[*].id))
}

resource "aws_s3_bucket" "page" {
  #checkov:skip=CKV_AWS_18: no access log: CloudFront alone reads here, and what it serves is public
  #checkov:skip=CKV_AWS_144: no copy in another region: `terraform apply` uploads the page again
  #checkov:skip=CKV_AWS_145: S3's own key: the files are public
  #checkov:skip=CKV2_AWS_62: nobody waits for events of it
  bucket_prefix = "${local.name}-page-"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "page" {
  bucket                  = aws_s3_bucket.page.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "page" {
  bucket = aws_s3_bucket.page.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "page" {
  bucket = aws_s3_bucket.page.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "page" {
  bucket = aws_s3_bucket.page.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "page" {
  bucket = aws_s3_bucket.page.id

  # What a deploy took away can be had back for a month.
  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.page]
}

data "aws_iam_policy_document" "page" {
  # CloudFront reads files, for this distribution only.
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.page.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.waka.arn]
    }
  }

  # Without it S3 answers "forbidden" for a file that is not there, in place of "not found".
  statement {
    sid       = "TellWhatIsMissing"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.page.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.waka.arn]
    }
  }

  # Nobody reads or writes it unencrypted.
  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.page.arn, "${aws_s3_bucket.page.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "page" {
  bucket = aws_s3_bucket.page.id
  policy = data.aws_iam_policy_document.page.json

  depends_on = [aws_s3_bucket_public_access_block.page]
}

resource "aws_s3_object" "hashed" {
  for_each      = local.site_hashed
  bucket        = aws_s3_bucket.page.id
  key           = each.key
  source        = "${var.site_dir}/${each.key}"
  source_hash   = filemd5("${var.site_dir}/${each.key}")
  content_type  = each.value.content_type
  cache_control = each.value.cache_control
}

resource "aws_s3_object" "entry" {
  for_each      = local.site_entries
  bucket        = aws_s3_bucket.page.id
  key           = each.key
  source        = "${var.site_dir}/${each.key}"
  source_hash   = filemd5("${var.site_dir}/${each.key}")
  content_type  = each.value.content_type
  cache_control = each.value.cache_control

  # A page never names a file that is not there yet.
  depends_on = [aws_s3_object.hashed]
}

resource "aws_cloudfront_origin_access_control" "page" {
  name                              = "${local.name}-page"
  description                       = "CloudFront signs what it asks of the bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# The headers that the server itself would send with the page, and HSTS, since here all is HTTPS.
resource "aws_cloudfront_response_headers_policy" "page" {
  count = var.response_headers_policy_id == null ? 1 : 0
  name  = "${local.name}-page"

  security_headers_config {
    content_security_policy {
      content_security_policy = local.site.headers["content-security-policy"]
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = local.site.headers["x-frame-options"]
      override     = true
    }

    referrer_policy {
      referrer_policy = local.site.headers["referrer-policy"]
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }

  custom_headers_config {
    dynamic "items" {
      for_each = { for name, value in local.site.headers : name => value if contains(["permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"], name) }

      content {
        header   = items.key
        value    = items.value
        override = true
      }
    }
  }
}

resource "aws_cloudfront_distribution" "waka" {
  #checkov:skip=CKV_AWS_68: no firewall: static files need none, and an open WebSocket cannot be looked into; the gateway bounds what an address may do
  #checkov:skip=CKV2_AWS_47: as above, and nothing here runs Java
  #checkov:skip=CKV_AWS_86: no access log: it would be a record of who played when, which nobody needs
  #checkov:skip=CKV_AWS_310: no second origin: there is one game; its tasks, zones and Redis nodes are several
  #checkov:skip=CKV_AWS_374: players may come from everywhere
  comment             = "Waka ${var.name}"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  aliases             = [var.domain_name]
  default_root_object = "index.html"

  origin {
    origin_id                = "page"
    domain_name              = aws_s3_bucket.page.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.page.id
  }

  origin {
    origin_id   = "game"
    domain_name = var.origin_domain_name

    custom_origin_config {
      http_port                = 80 # never used, but must be named
      https_port               = 443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_read_timeout      = 30
      origin_keepalive_timeout = 60
    }
  }

  # The page's files.
  default_cache_behavior {
    target_origin_id           = "page"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.managed_caching_optimized
    response_headers_policy_id = local.response_headers_policy_id
  }

  # The socket. All headers go along, of which WebSockets need several, but the host: the balancer's certificate is for the origin's own.
  ordered_cache_behavior {
    path_pattern             = "/ws"
    target_origin_id         = "game"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["GET", "HEAD"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = false
    cache_policy_id          = local.managed_caching_disabled
    origin_request_policy_id = local.managed_all_viewer_but_host
    #checkov:skip=CKV2_AWS_32: the gateway sends the headers itself
  }

  ordered_cache_behavior {
    path_pattern             = "/api/*"
    target_origin_id         = "game"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = true
    cache_policy_id          = local.managed_caching_disabled
    origin_request_policy_id = local.managed_all_viewer_but_host
  }

  # The operator's page: from a task, as its session goes along and nothing of it may be kept on the way.
  dynamic "ordered_cache_behavior" {
    for_each = local.ops_paths

    content {
      path_pattern             = ordered_cache_behavior.value
      target_origin_id         = "game"
      viewer_protocol_policy   = "https-only"
      allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
      cached_methods           = ["GET", "HEAD"]
      compress                 = true
      cache_policy_id          = local.managed_caching_disabled
      origin_request_policy_id = local.managed_all_viewer_but_host
      #checkov:skip=CKV2_AWS_32: the gateway sends the headers itself
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.cloudfront_certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

resource "aws_route53_record" "page" {
  for_each = var.zone_id == null ? toset([]) : toset(["A", "AAAA"])
  zone_id  = var.zone_id
  name     = var.domain_name
  type     = each.key

  alias {
    name                   = aws_cloudfront_distribution.waka.domain_name
    zone_id                = aws_cloudfront_distribution.waka.hosted_zone_id
    evaluate_target_health = false
  }
}
