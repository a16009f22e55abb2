// Agora on Azure: Container Apps with PostgreSQL, Redis and Blob Storage; search by the database. docs/runbook.md says how:
//   az deployment group create --resource-group agora --template-file packaging/server/azure/main.bicep \
//     --parameters domain=example.org image=agora:latest
targetScope = 'resourceGroup'

@description('Where everything stands.')
param location string = resourceGroup().location

@description('The site\'s name, such as example.org.')
param domain string

@description('The image in the registry, with its tag.')
param image string = 'agora:latest'

@description('What `agora secrets make` prints: the keys that all replicas share.')
@secure()
param secretsJson string

@description('Seals backups. Write it down elsewhere, too.')
@secure()
param backupPassphrase string

@description('The database\'s password, of letters and digits.')
@secure()
@minLength(24)
param databasePassword string

@description('False at first, until the image was pushed to the registry.')
param isImagePushed bool = true

var suffix = uniqueString(resourceGroup().id)
var databaseUrl = 'postgresql://agora:${databasePassword}@${database.properties.fullyQualifiedDomainName}:5432/agora_cms?sslmode=require'
var redisUrl = 'rediss://:${redis.listKeys().primaryKey}@${redis.properties.hostName}:${redis.properties.sslPort}'

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'agora-logs'
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'agora'
  location: location
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'agora${suffix}'
  location: location
  sku: { name: 'Standard' }
  properties: { adminUserEnabled: false }
}

// AcrPull: Agora reads its image by its identity, without a password.
resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, identity.id, 'pull')
  scope: registry
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'agora-${suffix}'
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

// Key Vault Secrets User.
resource reading 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, 'secrets')
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2023-12-01-preview' = {
  name: 'agora-${suffix}'
  location: location
  sku: { name: 'Standard_D2s_v3', tier: 'GeneralPurpose' }
  properties: {
    version: '16'
    administratorLogin: 'agora'
    administratorLoginPassword: databasePassword
    storage: { storageSizeGB: 128, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 7, geoRedundantBackup: 'Enabled' }
    highAvailability: { mode: 'ZoneRedundant' }
  }

  resource schema 'databases' = {
    name: 'agora_cms'
  }

  // Only what runs inside Azure; the password decides.
  resource inside 'firewallRules' = {
    name: 'azure'
    properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
  }
}

resource redis 'Microsoft.Cache/redis@2024-03-01' = {
  name: 'agora-${suffix}'
  location: location
  properties: {
    sku: { name: 'Premium', family: 'P', capacity: 1 }
    replicasPerMaster: 1
    enableNonSslPort: false
    minimumTlsVersion: '1.2'
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'agora${suffix}'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_GRS' }
  properties: {
    supportsHttpsTrafficOnly: true
    minimumTlsVersion: 'TLS1_2'
    allowBlobPublicAccess: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: { deleteRetentionPolicy: { enabled: true, days: 30 } }

    // Pictures, which everybody may read; and all other files, which nobody else may.
    resource media 'containers' = {
      name: 'media'
      properties: { publicAccess: 'Blob' }
    }

    resource labels 'containers' = {
      name: 'labels'
      properties: { publicAccess: 'None' }
    }
  }
}

var kept = {
  'agora-secrets': secretsJson
  'backup-passphrase': backupPassphrase
  'database-url': databaseUrl
  'redis-url': redisUrl
  'azure-key': storage.listKeys().keys[0].value
}

// Their names are known before anything stands; what they hold is not.
var names = ['agora-secrets', 'backup-passphrase', 'database-url', 'redis-url', 'azure-key']

resource secrets 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = [for name in names: {
  parent: vault
  name: name
  properties: { value: kept[name] }
}]

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'agora'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

resource app 'Microsoft.App/containerApps@2024-03-01' = if (isImagePushed) {
  name: 'agora'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    managedEnvironmentId: environment.id
    configuration: {
      ingress: { external: true, targetPort: 8000, transport: 'http' }
      registries: [{ server: registry.properties.loginServer, identity: identity.id }]
      secrets: [for name in names: {
        name: name
        keyVaultUrl: '${vault.properties.vaultUri}secrets/${name}'
        identity: identity.id
      }]
    }
    template: {
      containers: [
        {
          name: 'agora'
          image: '${registry.properties.loginServer}/${image}'
          resources: { cpu: json('1.0'), memory: '2.0Gi' }
          env: [
            { name: 'FRONTEND_URL', value: 'https://${domain}' }
            { name: 'AGORA_HOSTS', value: 'agora.${environment.properties.defaultDomain}' }
            { name: 'AGORA_TRUSTED_PROXIES', value: '10.0.0.0/8,100.64.0.0/10' }
            { name: 'AGORA_SEARCH', value: 'database' }
            { name: 'AGORA_STORAGE', value: 'azure' }
            { name: 'AGORA_AZURE_ACCOUNT', value: storage.name }
            { name: 'AGORA_AZURE_KEY', secretRef: 'azure-key' }
            { name: 'AGORA_AZURE_CONTAINER_MEDIA', value: 'media' }
            { name: 'AGORA_AZURE_CONTAINER_LABELS', value: 'labels' }
            { name: 'AGORA_SECRETS', secretRef: 'agora-secrets' }
            { name: 'AGORA_BACKUP_PASSPHRASE', secretRef: 'backup-passphrase' }
            { name: 'DATABASE_URL', secretRef: 'database-url' }
            { name: 'REDIS_URL', secretRef: 'redis-url' }
          ]
          probes: [
            { type: 'Startup', httpGet: { path: '/health/ready', port: 8000 }, periodSeconds: 5, failureThreshold: 36 }
            { type: 'Readiness', httpGet: { path: '/health/ready', port: 8000 }, periodSeconds: 10, timeoutSeconds: 5 }
            { type: 'Liveness', httpGet: { path: '/health/live', port: 8000 }, periodSeconds: 15, timeoutSeconds: 5 }
          ]
        }
      ]
      scale: {
        minReplicas: 2
        maxReplicas: 10
        rules: [{ name: 'cpu', custom: { type: 'cpu', metadata: { type: 'Utilization', value: '70' } } }]
      }
    }
  }
  dependsOn: [pull, reading, secrets]
}

resource door 'Microsoft.Cdn/profiles@2024-02-01' = {
  name: 'agora'
  location: 'global'
  sku: { name: 'Standard_AzureFrontDoor' }

  resource endpoint 'afdEndpoints' = {
    name: 'agora-${suffix}'
    location: 'global'
    properties: { enabledState: 'Enabled' }
  }

  resource origins 'originGroups' = {
    name: 'agora'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 }
      healthProbeSettings: { probePath: '/health/ready', probeProtocol: 'Https', probeRequestType: 'GET', probeIntervalInSeconds: 30 }
    }

    resource origin 'origins' = if (isImagePushed) {
      name: 'agora'
      properties: {
        hostName: app.properties.configuration.ingress.fqdn
        originHostHeader: app.properties.configuration.ingress.fqdn
        httpsPort: 443
      }
    }
  }

  resource name 'customDomains' = {
    name: replace(domain, '.', '-')
    properties: {
      hostName: domain
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' }
    }
  }
}

// Agora itself says what may be kept: `Cache-Control` decides, and nothing personal is ever public. A route wants an origin.
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-02-01' = if (isImagePushed) {
  parent: door::endpoint
  name: 'agora'
  properties: {
    originGroup: { id: door::origins.id }
    customDomains: [{ id: door::name.id }]
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    patternsToMatch: ['/*']
    linkToDefaultDomain: 'Disabled'
  }
  dependsOn: [door::origins::origin]
}

output registry string = registry.properties.loginServer
output nameToPointTo string = door::endpoint.properties.hostName
output proof string = door::name.properties.validationProperties.validationToken
