/** A report's facts about the machine, as lines of label and value. Unknown ones are left out. Pure. */
import type { DeviceStatus } from '#contracts/status.ts';
import { duration, size } from '../ui/words.ts';

interface Fact {
  label: string;
  value: string;
}

export function hostFacts({ host, engine }: DeviceStatus, address: string | undefined): Fact[] {
  const cores = host.cpuCount === 1 ? '1 core' : `${host.cpuCount} cores`;
  const heat =
    host.temperatureCelsius === null
      ? ''
      : `${Math.round(host.temperatureCelsius)} °C${host.throttled ? ', slowed down by heat or low voltage' : ''}`;
  const facts: Fact[] = [
    { label: 'Model', value: host.model },
    { label: 'System', value: [host.os, host.arch].filter(Boolean).join(', ') },
    { label: 'Kernel', value: host.kernel },
    { label: 'Host name', value: host.hostname },
    { label: 'Address', value: address && isLoopback(address) ? 'the hub’s own machine' : (address ?? '') },
    { label: 'Processor', value: `${Math.round(host.cpuPercent)} % of ${cores}` },
    { label: 'Memory', value: used(host.memoryUsedBytes, host.memoryTotalBytes) },
    { label: 'Disk', value: used(host.diskUsedBytes, host.diskTotalBytes) },
    { label: 'Temperature', value: heat },
    { label: 'Up for', value: duration(host.uptimeSeconds * 1000) },
    {
      label: 'Engine',
      value:
        engine.kind === 'none' ? 'none found' : `${engine.kind} ${engine.version}${engine.reachable ? '' : ', does not answer'}`,
    },
  ];
  return facts.filter((fact) => fact.value !== '');
}

const isLoopback = (address: string) => address === '::1' || address.startsWith('127.');

const used = (usedBytes: number, totalBytes: number) => (totalBytes > 0 ? `${size(usedBytes)} of ${size(totalBytes)} used` : '');
