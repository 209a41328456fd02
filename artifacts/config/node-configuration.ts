import type { Image } from './images.js';

/** A cloud, as its tools name it. */
export type Cloud = 'AzurePublicCloud' | 'AzureChinaCloud' | 'AzureUSGovernmentCloud';

/** How kubelet comes to a certificate of its own: by a token that the cluster takes, or it was given one. */
export type Credentials =
  | { readonly token: string }
  | { readonly clientCertificate: string; readonly clientKey: string };

/** Graphics processors of a node. */
export interface GraphicsProcessors {
  readonly driver: 'cuda' | 'grid';
  readonly driverVersion: string;
  /** The tag of the drivers' image behind their version. */
  readonly imageTag: string;
  /** Several processors speak with each other, which takes a service. */
  readonly fabricManager?: boolean;
  /** One processor is several, each with so much: `MIG1g`. */
  readonly instanceProfile?: string;
}

/** Where kubelet and kubectl come from, if not from where the node finds them by itself. */
export interface KubernetesSource {
  /** Of everybody's programs of this version, for versions without packages. */
  readonly url?: string;
  /** Of programs of one's own. */
  readonly customUrl?: string;
  /** Of programs of one's own that the image carries. */
  readonly privateUrl?: string;
}

/** What the node's own name server answers and may use. */
export interface LocalDns {
  /** The configuration file of CoreDNS. */
  readonly corefile: string;
  /** As systemd writes it: `128M`. */
  readonly memoryLimit: string;
  /** As systemd writes it: `200.0%`. */
  readonly cpuLimit: string;
}

/** All that makes a node what it is. What may be left out is off, or found out by the node. */
export interface NodeConfiguration {
  readonly image: Image;
  readonly cloud: Cloud;
  /** `X.Y.Z`, with or without a leading v. */
  readonly kubernetesVersion: string;
  /** The API server: a name, or an IPv4 address, and the certificate in PEM of who vouches for it. */
  readonly apiServer: { readonly name: string; readonly certificateAuthority: string };
  readonly credentials: Credentials;
  /** kubelet's flags by their names: `{ '--max-pods': '110' }`. */
  readonly kubeletFlags: Readonly<Record<string, string>>;
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** kubelet's configuration file, where flags are not all. */
  readonly kubeletConfig?: Readonly<Record<string, unknown>>;
  readonly networkPlugin: 'azure' | 'kubenet' | 'none';
  readonly networkPolicy?: 'calico' | 'azure' | 'cilium';
  readonly identity: { readonly tenant: string; readonly subscription: string; readonly resourceGroup: string; readonly location: string; readonly userAssigned?: string };
  readonly gpu?: GraphicsProcessors;
  /** The only registry that the node may use: `name.azurecr.io`. */
  readonly registry?: string;
  readonly kubernetesSource?: KubernetesSource;
  /** The address of the credential provider's archive, for versions without packages. */
  readonly credentialProviderUrl?: string;
  /** The address of a package of containerd, which is installed whatever the image carries. */
  readonly containerdPackageUrl?: string;
  /** Settings of the kernel: `{ 'net.core.somaxconn': '16384' }`. */
  readonly sysctl?: Readonly<Record<string, string>>;
  /** Limits of containerd, as systemd writes them: `{ LimitNOFILE: '1048576' }`. */
  readonly containerdLimits?: Readonly<Record<string, string>>;
  readonly localDns?: LocalDns;
  /** A network that hears its own packets (kubenet with a promiscuous bridge). */
  readonly promiscuousBridge?: boolean;
  readonly secureTlsBootstrapping?: boolean;
  readonly servingCertificateRotation?: boolean;
  readonly artifactStreaming?: boolean;
  /** Certificates in PEM that the node is to trust. */
  readonly trustedCertificates?: readonly string[];
  readonly disableSsh?: boolean;
  readonly unattendedUpgrades?: boolean;
  /** Containers reach the machine's metadata no longer. */
  readonly imdsRestriction?: boolean;
  /** Only the first of two stages: the machine becomes an image. */
  readonly preProvisionOnly?: boolean;
  /** The command that shows that the node reaches the world, where that is asked. */
  readonly outboundCommand?: string;
  /** What is known of this node's cloud that is nobody else's. */
  readonly customCloud?: { readonly initScript: string };
  /** Waits for cloud-init before anything else. */
  readonly waitForCloudInit?: boolean;
  /** What no other member says, by the name of its variable. */
  readonly variables?: Readonly<Record<string, string>>;
}
