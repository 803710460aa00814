# What this was written for. Write-only secrets need Terraform 1.11.
terraform {
  required_version = ">= 1.11, < 2"

  required_providers {
    # Tried with 5.100. Within the 5.80 to 7 that Waka supports, older ones know no write-only secrets.
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # Where the state lives is told at `terraform init -backend-config=backend.hcl`: see docs/deploy.md.
  backend "s3" {}
}

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "waka"
      Stack       = local.name
    }
  }
}
