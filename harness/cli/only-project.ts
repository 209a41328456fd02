import type { Plugin, TestProjectConfiguration } from 'vitest/config';

/** A vite plugin that leaves one project of a vitest configuration, if the configuration has one of that name. */
export function onlyProject(name: string): Plugin {
  const api = { leavesOutProjects: false };
  return {
    name: 'shellrig:only-project',
    api,
    config({ test }) {
      const found = test?.projects?.filter((project) => nameOf(project) === name);
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
