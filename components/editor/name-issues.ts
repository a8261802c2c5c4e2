/** A deployment's name is its identity: it cannot change under an existing one, nor take the place of another. Pure. */
import type { FleetIssue } from '../manifest/fleet-issues.ts';

const PATH = ['metadata', 'name'];

export function nameIssues(name: string, existing: string | undefined, taken: readonly string[]): FleetIssue[] {
  if (existing !== undefined) {
    if (name === existing) return [];
    return [
      {
        path: PATH,
        severity: 'error',
        message: `This is ${existing}; a name stays. For another name, make a new deployment and delete this one.`,
        fixes: [{ label: `Use ${existing}`, path: PATH, value: existing }],
      },
    ];
  }
  if (!taken.includes(name)) return [];
  const free = freeName(name, taken);
  return [
    {
      path: PATH,
      severity: 'error',
      message: `${name} exists already. Open it to change it, or choose another name.`,
      fixes: [{ label: `Use ${free}`, path: PATH, value: free }],
    },
  ];
}

function freeName(name: string, taken: readonly string[]): string {
  let count = 2;
  while (taken.includes(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}
