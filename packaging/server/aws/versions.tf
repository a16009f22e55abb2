# Agora on AWS: docs/runbook.md says how. `terraform init && terraform apply`, then push the image and apply again.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { Application = "agora" }
  }
}

# CloudFront takes its certificates from this region only.
provider "aws" {
  alias  = "edge"
  region = "us-east-1"
  default_tags {
    tags = { Application = "agora" }
  }
}
