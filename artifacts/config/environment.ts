import { containerdConfig } from './containerd.js';
import type { NodeConfiguration } from './node-configuration.js';
import { CONTAINERS_DIRECTORY } from './scripts.js';

/** Variables by name. */
type Variables = Readonly<Record<string, string>>;

/**
 * The environment with which a node is provisioned: every variable that its scripts read. What a configuration leaves out
 * is there too, empty or false: so the scripts, and whoever compares two nodes, see that it was.
 */
export function environmentOf(node: NodeConfiguration): Variables {
  return {
    ...scriptFiles(),
    ...ofCluster(node),
    ...ofKubelet(node),
    ...ofContainerd(node),
    ...ofMachine(node),
    ...node.variables,
  };
}

/** Where the scripts are, each under the name that it has on a node. */
function scriptFiles(): Variables {
  return {
    CSE_HELPERS_FILEPATH: `${CONTAINERS_DIRECTORY}/provision_source.sh`,
    CSE_DISTRO_HELPERS_FILEPATH: `${CONTAINERS_DIRECTORY}/provision_source_distro.sh`,
    CSE_INSTALL_FILEPATH: `${CONTAINERS_DIRECTORY}/provision_installs.sh`,
    CSE_DISTRO_INSTALL_FILEPATH: `${CONTAINERS_DIRECTORY}/provision_installs_distro.sh`,
    CSE_CONFIG_FILEPATH: `${CONTAINERS_DIRECTORY}/provision_configs.sh`,
  };
}

function ofCluster({ identity, cloud, apiServer, kubernetesVersion, kubernetesSource, credentialProviderUrl, registry, networkPlugin, networkPolicy }: NodeConfiguration): Variables {
  return {
    TARGET_CLOUD: cloud,
    TARGET_ENVIRONMENT: cloud,
    TENANT_ID: identity.tenant,
    SUBSCRIPTION_ID: identity.subscription,
    RESOURCE_GROUP: identity.resourceGroup,
    LOCATION: identity.location,
    USE_MANAGED_IDENTITY_EXTENSION: String(identity.userAssigned !== undefined),
    USER_ASSIGNED_IDENTITY_ID: identity.userAssigned ?? '',
    USE_INSTANCE_METADATA: 'true',
    VM_TYPE: 'vmss',
    LOAD_BALANCER_SKU: 'Standard',
    KUBERNETES_VERSION: kubernetesVersion.replace(/^v/, ''),
    KUBE_BINARY_URL: kubernetesSource?.url ?? '',
    CUSTOM_KUBE_BINARY_URL: kubernetesSource?.customUrl ?? '',
    PRIVATE_KUBE_BINARY_URL: kubernetesSource?.privateUrl ?? '',
    CREDENTIAL_PROVIDER_DOWNLOAD_URL: credentialProviderUrl ?? '',
    BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: registry ?? '',
    API_SERVER_NAME: apiServer.name,
    KUBE_CA_CRT: base64(apiServer.certificateAuthority),
    NETWORK_PLUGIN: networkPlugin,
    NETWORK_POLICY: networkPolicy ?? '',
  };
}

function ofKubelet({ credentials, kubeletFlags, nodeLabels, kubeletConfig, secureTlsBootstrapping, servingCertificateRotation, imdsRestriction }: NodeConfiguration): Variables {
  const bootstraps = 'token' in credentials;
  return {
    TLS_BOOTSTRAP_TOKEN: bootstraps ? credentials.token : '',
    KUBELET_CLIENT_CONTENT: bootstraps ? '' : base64(credentials.clientKey),
    KUBELET_CLIENT_CERT_CONTENT: bootstraps ? '' : base64(credentials.clientCertificate),
    ENABLE_SECURE_TLS_BOOTSTRAPPING: flag(secureTlsBootstrapping),
    ENABLE_KUBELET_SERVING_CERTIFICATE_ROTATION: flag(servingCertificateRotation),
    KUBELET_FLAGS: assignments(kubeletFlags).join(' '),
    KUBELET_NODE_LABELS: assignments(nodeLabels).join(','),
    KUBELET_CONFIG_FILE_ENABLED: flag(kubeletConfig !== undefined),
    KUBELET_CONFIG_FILE_CONTENT: kubeletConfig ? base64(JSON.stringify(kubeletConfig)) : '',
    ENABLE_IMDS_RESTRICTION: flag(imdsRestriction),
    INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE: flag(imdsRestriction),
  };
}

function ofContainerd(node: NodeConfiguration): Variables {
  return {
    CONTAINERD_CONFIG_CONTENT: base64(containerdConfig(node)),
    CONTAINERD_CONFIG_NO_GPU_CONTENT: base64(containerdConfig(node, false)),
    CONTAINERD_PACKAGE_URL: node.containerdPackageUrl ?? '',
    KUBENET_TEMPLATE: base64('{}\n'),
    SHOULD_CONFIG_CONTAINERD_ULIMITS: flag(node.containerdLimits !== undefined),
    CONTAINERD_ULIMITS: node.containerdLimits ? ['[Service]', ...assignments(node.containerdLimits)].join(' ') : '',
    ARTIFACT_STREAMING_ENABLED: flag(node.artifactStreaming),
  };
}

function ofMachine({ image, gpu, sysctl, localDns, promiscuousBridge, trustedCertificates = [], disableSsh, unattendedUpgrades, preProvisionOnly, outboundCommand }: NodeConfiguration): Variables {
  return {
    IS_VHD: String(image.golden),
    IS_KATA: String(image.kata === true),
    GPU_NODE: String(gpu !== undefined),
    GPU_DRIVER_TYPE: gpu?.driver ?? '',
    GPU_DRIVER_VERSION: gpu?.driverVersion ?? '',
    GPU_IMAGE_SHA: gpu?.imageTag ?? '',
    CONFIG_GPU_DRIVER_IF_NEEDED: String(gpu !== undefined),
    GPU_NEEDS_FABRIC_MANAGER: flag(gpu?.fabricManager),
    MIG_NODE: String(gpu?.instanceProfile !== undefined),
    GPU_INSTANCE_PROFILE: gpu?.instanceProfile ?? '',
    SYSCTL_CONTENT: base64(Object.entries(sysctl ?? {}).map(([name, value]) => `${name} = ${value}\n`).join('')),
    SHOULD_ENABLE_LOCALDNS: String(localDns !== undefined),
    LOCALDNS_GENERATED_COREFILE: localDns ? base64(localDns.corefile) : '',
    LOCALDNS_MEMORY_LIMIT: localDns?.memoryLimit ?? '',
    LOCALDNS_CPU_LIMIT: localDns?.cpuLimit ?? '',
    ENSURE_NO_DUPE_PROMISCUOUS_BRIDGE: flag(promiscuousBridge),
    SHOULD_CONFIGURE_CUSTOM_CA_TRUST: String(trustedCertificates.length > 0),
    CUSTOM_CA_TRUST_COUNT: String(trustedCertificates.length),
    ...Object.fromEntries(trustedCertificates.map((certificate, index) => [`CUSTOM_CA_CERT_${index}`, base64(certificate)])),
    DISABLE_SSH: flag(disableSsh),
    ENABLE_UNATTENDED_UPGRADES: flag(unattendedUpgrades),
    PRE_PROVISION_ONLY: flag(preProvisionOnly),
    OUTBOUND_COMMAND: outboundCommand ?? '',
  };
}

const flag = (value: boolean | undefined) => String(value === true);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const assignments = (values: Readonly<Record<string, string>>) => Object.entries(values).map(([name, value]) => `${name}=${value}`);
