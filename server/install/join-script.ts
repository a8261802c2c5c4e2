/** Fills in what the installing script has to know of the packages that this hub carries. Pure. */
import type { PackageList } from '#contracts/package-list.ts';

/** Without packages the script says so on the device, where somebody reads it. */
export function fillJoinScript(template: string, list: PackageList | undefined): string {
  const values: Record<string, string> = {
    VERSION: list?.version ?? 'none',
    BUILT: String(Math.floor(Date.parse(list?.builtAt ?? '2026-01-01T00:00:00Z') / 1000)),
    SHA256_amd64: list?.files.amd64?.sha256 ?? '',
    SHA256_arm64: list?.files.arm64?.sha256 ?? '',
  };
  return template.replace(/'@(\w+)@'/g, (whole, name: string) => (name in values ? `'${values[name]}'` : whole));
}
