'use client';
/** DeviceFiles: the files a device needs, to download or copy, and the three commands to carry out there. The key is shown only now. */
import { Download } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { AddedDevice } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { CodeBlock } from './scroll-region.tsx';

export function DeviceFiles({ added }: { added: Pick<AddedDevice, 'device' | 'config' | 'creds' | 'ca'> }) {
  const { device, config, creds, ca } = added;
  const commands = deviceCommands([config, creds, ...(ca ? [ca] : [])].map((file) => file.fileName));
  return (
    <ol className="flex flex-col gap-5">
      <Step number={1} title={`Carry these ${ca ? 'three' : 'two'} files to ${displayName(device.name)}`}>
        <p className="text-15 text-muted">
          {creds.fileName} holds its secret key. It is shown only now and kept nowhere: download it before you close this.
        </p>
        <File name={config.fileName} content={config.content} />
        <File name={creds.fileName} content={creds.content} secret />
        {ca ? <File name={ca.fileName} content={ca.content} /> : null}
      </Step>
      <Step number={2} title="Run there, in a checkout of Scorewall (Node 20 or newer, and podman)">
        <Lines text={commands.join('\n')} label="Commands for the device" />
      </Step>
    </ol>
  );
}

/** The agent looks for the other files beside the config, which comes first: all go into one folder. */
const deviceCommands = ([configFile, ...others]: readonly string[]): string[] => [
  `install -D -m 600 -t ~/scorewall ${[configFile, ...others].join(' ')}`,
  `npx scorewall-agent --check --config ~/scorewall/${configFile}`,
  `npx scorewall-agent --config ~/scorewall/${configFile}`,
];

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex flex-col gap-2">
      <h3 className="font-semibold">
        {number}. {title}
      </h3>
      {children}
    </li>
  );
}

function File({ name, content, secret }: { name: string; content: string; secret?: boolean }) {
  const source = useRef<HTMLElement>(null);
  function download() {
    const url = URL.createObjectURL(new Blob([content], { type: 'text/plain' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: name });
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <div className="rounded-ctl border border-line">
      <div className="flex flex-wrap items-center justify-between gap-2 px-3 py-2">
        <span className="font-mono text-15">{name}</span>
        <span className="flex min-w-0 flex-wrap gap-2">
          <CopyButton text={content} label={`Copy ${name}`} source={source} />
          <Button onClick={download}>
            <Download size={18} strokeWidth={1.75} aria-hidden />
            Download {name}
          </Button>
        </span>
      </div>
      <details className="border-t border-line">
        <summary className="cursor-pointer px-3 py-2 text-15 text-muted">{secret ? 'Show the key' : 'Show the file'}</summary>
        <CodeBlock ref={source} label={name} text={content} className="max-h-60" />
      </details>
    </div>
  );
}

function Lines({ text, label }: { text: string; label: string }) {
  const source = useRef<HTMLElement>(null);
  return (
    <div className="flex items-start gap-2 max-sm:flex-col">
      <CodeBlock ref={source} label={label} text={text} className="min-w-0 flex-1 max-sm:w-full" />
      <CopyButton text={text} label="Copy the commands" source={source} />
    </div>
  );
}
