import type { Plugin, TestProjectConfiguration } from 'vitest/config';

/** A vite plugin that leaves some projects of a vitest configuration, if the configuration has any of these names. */
export function onlyProjects(names: readonly string[]): Plugin {
  return {
    name: 'shellrig:only-projects',
    config({ test }) {
      const found = test?.projects?.filter((project) => names.includes(nameOf(project) ?? ''));
      if (test && found && found.length > 0) test.projects = found;
    },
  };
}

function nameOf(project: TestProjectConfiguration): string | undefined {
  if (typeof project !== 'object' || !('test' in project)) return undefined;
  const name = project.test?.name;
  return typeof name === 'object' ? name.label : name;
}
