output "registry" {
  description = "Where the image is pushed to."
  value       = aws_ecr_repository.this.repository_url
}

output "name_servers" {
  description = "What the domain's registrar must name."
  value       = aws_route53_zone.this.name_servers
}

output "backups" {
  description = "The bucket for backups: Settings > Backups."
  value       = aws_s3_bucket.this["backups"].id
}
