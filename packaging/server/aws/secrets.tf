locals {
  secrets = {
    AGORA_SECRETS           = var.secrets_json
    AGORA_BACKUP_PASSPHRASE = var.backup_passphrase
    DATABASE_URL            = "postgresql://agora:${random_password.database.result}@${aws_db_instance.this.endpoint}/agora_cms?sslmode=require"
    REDIS_URL               = "rediss://:${random_password.cache.result}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
    ELASTICSEARCH_URL       = "https://agora:${urlencode(random_password.search.result)}@${aws_opensearch_domain.this.endpoint}"
  }
}

resource "aws_secretsmanager_secret" "this" {
  for_each = toset(keys(local.secrets))
  name     = "agora/${each.key}"
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each      = aws_secretsmanager_secret.this
  secret_id     = each.value.id
  secret_string = local.secrets[each.key]
}

data "aws_iam_policy_document" "task_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

# What starts a task: it reads the image, the secrets, and writes the log.
resource "aws_iam_role" "starter" {
  name               = "agora-starter"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}

resource "aws_iam_role_policy_attachment" "starter" {
  role       = aws_iam_role.starter.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "starter" {
  name = "secrets"
  role = aws_iam_role.starter.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = [for secret in aws_secretsmanager_secret.this : secret.arn]
    }]
  })
}

# What a task itself may do: keep files, for which Agora needs no access key then, and let `aws ecs execute-command` in.
resource "aws_iam_role" "task" {
  name               = "agora-task"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}

resource "aws_iam_role_policy" "task" {
  name = "files"
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = [for bucket in aws_s3_bucket.this : "${bucket.arn}/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:GetBucketLocation"]
        Resource = [for bucket in aws_s3_bucket.this : bucket.arn]
      },
      {
        Effect = "Allow"
        Action = [
          "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
        ]
        Resource = "*"
      },
    ]
  })
}
