import type { Plugin, TestProjectConfiguration } from 'vitest/config';

/** A vite plugin that leaves some projects of a vitest configuration, if the configuration has any of these names. */
export function onlyProjects(names: readonly string[]): Plugin {
  const api = { leavesOutProjects: false };
  return {
    name: 'shellrig:only-projects',
    api,
    config({ test }) {
      const found = test?.projects?.filter((project) => names.includes(nameOf(project) ?? ''));
      if (!test?.projects || !found || found.length === 0) return;
      api.leavesOutProjects = found.length < test.projects.length;
      test.projects = found;
    },
  };
}

function nameOf(project: TestProjectConfiguration): string | undefined {
  if (typeof project !== 'object' || !('test' in project)) return undefined;
  const name = project.test?.name;
  return typeof name === 'object' ? name.label : name;
}
