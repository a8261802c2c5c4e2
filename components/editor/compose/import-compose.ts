/** A compose file becomes a deployment's manifest, and what could not be taken over becomes notes (Compose specification). Pure. */
import { stringify } from 'yaml';
import { API_VERSION } from '#contracts/deployment.ts';
import { parseText, readManifest } from '../../manifest/read-manifest.ts';
import { toNode } from '../../manifest/yaml-style.ts';
import { toName, uniqueNames } from './compose-names.ts';
import type { ComposeNote } from './compose-note.ts';
import { asFields, convertService } from './compose-service.ts';
import { interpolate } from './interpolate.ts';

export type ImportedCompose = { ok: true; manifest: string; notes: ComposeNote[] } | { ok: false; message: string };

const TOP_LEVEL_NOTES: Readonly<Record<string, string>> = {
  include: 'The file includes other files. Paste their services too.',
  configs: 'Configs of the file were left out. Put such files on the devices and mount them as volumes.',
};

export function importCompose(text: string): ImportedCompose {
  const read = readManifest(text);
  if (!read.readable) return { ok: false, message: read.issues[0]?.message ?? 'This cannot be read.' };
  const notes: ComposeNote[] = [];
  const compose = asFields(withVariables(read.value, notes));
  if (compose.kind === 'Deployment') return { ok: true, manifest: text, notes: [] };
  const services = Object.entries(asFields(compose.services));
  if (services.length === 0)
    return { ok: false, message: 'No services are in here. A compose file has a group called services.' };

  const names = uniqueNames(services.map(([name]) => name));
  const converted = services.map(([composeName, fields]) => {
    const name = names.get(composeName)!;
    if (name !== composeName)
      notes.push({ service: name, message: `was called ${composeName}. Names have lower-case letters, digits and dashes.` });
    const { service, notes: own } = convertService(name, asFields(fields), names);
    notes.push(...own.map((message) => ({ service: name, message })));
    return service;
  });
  for (const [key, message] of Object.entries(TOP_LEVEL_NOTES)) if (compose[key] !== undefined) notes.push({ message });
  notes.push(...volumeNotes(asFields(compose.volumes)));
  return { ok: true, manifest: write(toName(String(compose.name ?? services[0]![0]), 'imported'), converted), notes };
}

function write(name: string, services: readonly unknown[]): string {
  const { document } = parseText('');
  document.contents = toNode(document, {
    apiVersion: API_VERSION,
    kind: 'Deployment',
    metadata: { name },
    spec: { targetDevices: [], score: { type: 'PodmanV0', data: { services } } },
  }) as never;
  return stringify(document, { lineWidth: 0, flowCollectionPadding: false });
}

function withVariables(value: unknown, notes: ComposeNote[]): unknown {
  const open = new Set<string>();
  const filled = new Set<string>();
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') {
      const found = interpolate(node);
      for (const name of found.open) open.add(name);
      for (const one of found.filled) filled.add(one);
      return found.text;
    }
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node === 'object' && node !== null)
      return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
    return node;
  };
  const walked = walk(value);
  if (filled.size > 0) notes.push({ message: `Variables became their defaults: ${[...filled].join(', ')}.` });
  if (open.size > 0) notes.push({ message: `${[...open].join(', ')} has no value here. Replace it where it stands.` });
  return walked;
}

function volumeNotes(volumes: Readonly<Record<string, unknown>>): ComposeNote[] {
  return Object.entries(volumes).flatMap(([name, how]): ComposeNote[] => {
    const keys = Object.keys(asFields(how)).filter((key) => key !== 'name' && key !== 'labels');
    return keys.length > 0
      ? [{ message: `The volume ${name} sets ${keys.join(', ')}. Each device makes a plain volume of that name.` }]
      : [];
  });
}
