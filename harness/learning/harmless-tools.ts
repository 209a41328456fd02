/**
 * Programs beyond the default tools that read, write or rearrange what they are given and nothing else, and that need
 * no files of their own: a recording lets them work where this machine has them, and not as a script for what no sandbox has (`yq` of Python). All others have to be stood in for.
 */
export const HARMLESS_TOOLS: ReadonlySet<string> = new Set([
  'ar', 'bc', 'brotli', 'bunzip2', 'bzcat', 'bzgrep', 'bzip2', 'cal', 'col', 'colrm', 'column', 'cpio', 'crc32', 'dc', 'diff3', 'dos2unix',
  'dpkg-deb', 'ed', 'envsubst', 'fallocate', 'gettext', 'hd', 'hexdump', 'jq', 'look', 'lz4', 'lzma', 'lzop', 'm4', 'ngettext', 'patch', 'rev',
  'rpm2cpio', 'run-parts', 'sdiff', 'tempfile', 'unlz4', 'unlzma', 'unxz', 'unzip', 'unzstd', 'uuencode', 'xxd', 'xzcat', 'xzgrep', 'yq', 'zcmp',
  'zdiff', 'zegrep', 'zfgrep', 'zforce', 'zgrep', 'zip', 'zipinfo', 'zstd', 'zstdcat',
]);
