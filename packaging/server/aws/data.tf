resource "random_password" "database" {
  length  = 40
  special = false
}

resource "random_password" "cache" {
  length  = 40
  special = false
}

resource "random_password" "search" {
  length           = 40
  override_special = "-_"
  min_lower        = 1
  min_numeric      = 1
  min_special      = 1
  min_upper        = 1
}

resource "aws_db_subnet_group" "this" {
  name       = "agora"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_instance" "this" {
  identifier                      = "agora"
  engine                          = "postgres"
  engine_version                  = "16"
  instance_class                  = var.database_class
  allocated_storage               = 100
  max_allocated_storage           = 500
  storage_type                    = "gp3"
  storage_encrypted               = true
  multi_az                        = true
  db_name                         = "agora_cms"
  username                        = "agora"
  password                        = random_password.database.result
  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.data.id]
  backup_retention_period         = 7
  backup_window                   = "03:00-04:00"
  enabled_cloudwatch_logs_exports = ["postgresql"]
  deletion_protection             = true
  final_snapshot_identifier       = "agora-last"
}

resource "aws_elasticache_subnet_group" "this" {
  name       = "agora"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = "agora"
  description                = "Agora: cache, sessions and limits"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t3.medium"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.data.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = random_password.cache.result
}

resource "aws_opensearch_domain" "this" {
  domain_name    = "agora"
  engine_version = "OpenSearch_2.11"

  cluster_config {
    instance_type          = "t3.medium.search"
    instance_count         = 2
    zone_awareness_enabled = true
    zone_awareness_config {
      availability_zone_count = 2
    }
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = 100
  }

  vpc_options {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.data.id]
  }

  encrypt_at_rest {
    enabled = true
  }

  node_to_node_encryption {
    enabled = true
  }

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }

  advanced_security_options {
    enabled                        = true
    internal_user_database_enabled = true
    master_user_options {
      master_user_name     = "agora"
      master_user_password = random_password.search.result
    }
  }

  # Who may do what is decided by name and password; the network decides who may try.
  access_policies = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "es:ESHttp*"
      Resource  = "arn:aws:es:${var.region}:${data.aws_caller_identity.me.account_id}:domain/agora/*"
    }]
  })
}

data "aws_caller_identity" "me" {}
