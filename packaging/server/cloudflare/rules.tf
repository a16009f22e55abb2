# Cloudflare before Agora on a server of your own: names, TLS, what is kept at the edge, and who is kept out.
terraform {
  required_version = ">= 1.5"
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 4.40"
    }
  }
}

variable "zone_id" {
  description = "The domain's zone in Cloudflare."
  type        = string
}

variable "domain" {
  description = "The site's name, such as example.org."
  type        = string
}

variable "origin" {
  description = "The server's IPv4 address."
  type        = string
}

resource "cloudflare_record" "address" {
  for_each = toset(["@", "www", "admin", "builder", "api"])
  zone_id  = var.zone_id
  name     = each.key
  type     = "A"
  content  = var.origin
  proxied  = true
}

resource "cloudflare_zone_settings_override" "this" {
  zone_id = var.zone_id
  settings {
    ssl                      = "strict"
    always_use_https         = "on"
    automatic_https_rewrites = "on"
    min_tls_version          = "1.2"
    http3                    = "on"
    early_hints              = "on"
    # Agora's scripts are small, and its pages say what may run: nothing is rewritten on the way.
    rocket_loader     = "off"
    email_obfuscation = "off"
  }
}

# Pictures and assets carry their content's hash in their address, so they may be kept for long. Of pages Agora says
# itself what is public; whoever is signed in or has a cart is answered by Agora alone.
resource "cloudflare_ruleset" "cache" {
  zone_id = var.zone_id
  name    = "Agora: what is kept at the edge"
  kind    = "zone"
  phase   = "http_request_cache_settings"

  rules {
    description = "What belongs to somebody is not kept"
    expression  = "starts_with(http.request.uri.path, \"/api/\") or starts_with(http.request.uri.path, \"/admin\") or http.cookie contains \"agora_\" or any(http.request.headers.names[*] == \"hx-request\")"
    action      = "set_cache_settings"
    action_parameters {
      cache = false
    }
  }

  rules {
    description = "Pages, as long as Agora says: with AGORA_CLOUDFLARE_ZONE it takes them back when they change"
    expression  = "http.request.method eq \"GET\" and not starts_with(http.request.uri.path, \"/api/\") and not starts_with(http.request.uri.path, \"/admin\") and not http.cookie contains \"agora_\" and not any(http.request.headers.names[*] == \"hx-request\")"
    action      = "set_cache_settings"
    action_parameters {
      cache = true
      edge_ttl {
        mode = "respect_origin"
      }
      browser_ttl {
        mode = "respect_origin"
      }
    }
  }

  rules {
    description = "Pictures and assets"
    expression  = "starts_with(http.request.uri.path, \"/media/\") or starts_with(http.request.uri.path, \"/assets/\") or starts_with(http.request.uri.path, \"/theme/\")"
    action      = "set_cache_settings"
    action_parameters {
      cache = true
      edge_ttl {
        mode    = "override_origin"
        default = 2592000
        status_code_ttl {
          status_code_range {
            from = 400
            to   = 599
          }
          value = 0
        }
      }
      browser_ttl {
        mode = "respect_origin"
      }
    }
  }
}

resource "cloudflare_ruleset" "limits" {
  zone_id = var.zone_id
  name    = "Agora: signing in"
  kind    = "zone"
  phase   = "http_ratelimit"

  rules {
    description = "Five attempts in ten minutes, as Agora itself counts them"
    expression  = "http.request.method eq \"POST\" and (http.request.uri.path eq \"/api/v1/auth/login\" or ends_with(http.request.uri.path, \"/sign-in\"))"
    action      = "block"
    ratelimit {
      characteristics     = ["cf.colo.id", "ip.src"]
      period              = 600
      requests_per_period = 5
      mitigation_timeout  = 600
    }
  }
}

resource "cloudflare_ruleset" "firewall" {
  zone_id = var.zone_id
  name    = "Agora: managed rules"
  kind    = "zone"
  phase   = "http_request_firewall_managed"

  rules {
    description = "Cloudflare's managed rules"
    expression  = "true"
    action      = "execute"
    action_parameters {
      id = "efb7b8c949ac4650a09736fc376e9aee"
    }
  }
}
