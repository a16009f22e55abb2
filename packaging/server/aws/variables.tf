variable "region" {
  description = "Where everything but the edge stands."
  type        = string
  default     = "us-east-1"
}

variable "domain" {
  description = "The site's name, such as example.org; its zone is made in Route 53."
  type        = string
}

variable "image_tag" {
  description = "Which image of the registry runs."
  type        = string
  default     = "latest"
}

variable "secrets_json" {
  description = "What `agora secrets make` prints: the keys that all tasks share."
  type        = string
  sensitive   = true
}

variable "backup_passphrase" {
  description = "Seals backups. Write it down elsewhere, too."
  type        = string
  sensitive   = true
}

variable "database_class" {
  description = "The size of the database."
  type        = string
  default     = "db.t3.medium"
}

variable "task_cpu" {
  description = "Processor of a task, in 1024ths of one."
  type        = number
  default     = 1024
}

variable "task_memory" {
  description = "Memory of a task, in MiB."
  type        = number
  default     = 2048
}

variable "tasks" {
  description = "How many tasks run at least and at most."
  type        = object({ least = number, most = number })
  default     = { least = 2, most = 10 }
}
