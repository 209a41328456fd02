import type { FileSpecs } from 'shellrig';

/** Versions of one component for one system, as the image's list of components has them. */
export interface ComponentVersions {
  readonly latestVersion: string;
  readonly previousLatestVersion?: string;
}

/**
 * The image's list of components (`/opt/azure/components.json`).
 *
 * @param components by name, then by system (`ubuntu`) and release (`r2204`), their versions
 */
export function componentsFile(components: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, readonly ComponentVersions[]>>>>>>): FileSpecs {
  const packages = Object.entries(components).map(([name, systems]) => ({
    name,
    downloadURIs: Object.fromEntries(Object.entries(systems).map(([system, releases]) => [
      system,
      Object.fromEntries(Object.entries(releases).map(([release, versionsV2]) => [release, { versionsV2 }])),
    ])),
  }));
  return { '/opt/azure/components.json': JSON.stringify({ Packages: packages }) };
}
