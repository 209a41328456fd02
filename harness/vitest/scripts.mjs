// oxlint-disable unicorn/no-empty-file
// scripts.d.mts declares modules for TypeScript; what imports it for that finds nothing to do here.
