'use client';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Device, displayName } from '#contracts/device.ts';
import { issuesFromZod } from '#contracts/issue.ts';
import { Labels } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import { api } from '../live/api-client.ts';
import { useMay } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { toast } from '../ui/toast.tsx';
import { type LabelRow, LabelRows } from './label-rows.tsx';

/** Labels choose which deployments a device gets, so a change may start and stop services there. */
export function LabelsPanel({ device, revision }: { device: Device; revision: number }) {
  const [editing, setEditing] = useState<{ rows: LabelRow[]; revision: number }>();
  const mayManage = useMay('manage');
  const labels = Object.entries(device.labels);
  const begin = () => setEditing({ rows: toRows(labels), revision });
  return (
    <Panel
      title="Labels"
      aside={
        editing || !mayManage ? null : (
          <Button look="quiet" onClick={begin}>
            Change labels
          </Button>
        )
      }
    >
      {editing ? (
        <LabelsForm device={device} start={editing} onDone={() => setEditing(undefined)} />
      ) : labels.length === 0 ? (
        <p className="text-muted">No labels. A deployment can go to all devices with a label, for example role: camera.</p>
      ) : (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
          {labels.map(([key, value]) => (
            <div key={key} className="contents">
              <dt className="text-muted">{key}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

let nextRowId = 0;
const toRows = (labels: readonly (readonly [string, string])[]): LabelRow[] =>
  labels.map(([key, value]) => ({ id: nextRowId++, key, value }));

interface LabelsFormProps {
  device: Device;
  start: { rows: LabelRow[]; revision: number };
  onDone: () => void;
}

function LabelsForm({ device, start, onDone }: LabelsFormProps) {
  const [rows, setRows] = useState(start.rows.length > 0 ? start.rows : toRows([['', '']]));
  const [revision, setRevision] = useState(start.revision);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    const labels = Object.fromEntries(
      rows.filter((row) => row.key || row.value).map((row) => [row.key.trim(), row.value.trim()]),
    );
    const checked = Labels.safeParse(labels);
    if (!checked.success)
      return setError(new ProblemError('invalid', issuesFromZod(checked.error)[0]?.message ?? '', 'Nothing was changed.'));
    setBusy(true);
    setError(undefined);
    try {
      await api.labelDevice(device.name, checked.data, revision);
      toast(`Labels of ${displayName(device.name)} saved.`);
      onDone();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  async function showTheirs() {
    try {
      const now = await api.device(device.name);
      setRows(toRows(Object.entries(now.device.labels)));
      setRevision(now.revision);
      setError(undefined);
    } catch (failure) {
      setError(failure);
    }
  }

  const overtaken = error instanceof ProblemError && error.code === 'precondition-failed';
  return (
    <form onSubmit={save} className="flex flex-col gap-2">
      <LabelRows rows={rows} onChange={setRows} />
      {overtaken ? (
        <ErrorNote
          fact="Somebody else changed these labels meanwhile."
          effect="Nothing of yours was saved. Look at theirs, then change what you need."
          action={<Button onClick={showTheirs}>Look at theirs</Button>}
        />
      ) : error ? (
        <ErrorNote error={error} />
      ) : null}
      <div className="flex flex-wrap justify-between gap-2">
        <Button look="quiet" onClick={() => setRows((all) => [...all, ...toRows([['', '']])])}>
          <Plus size={18} strokeWidth={1.75} aria-hidden />
          Label
        </Button>
        <span className="flex gap-2">
          <Button onClick={onDone}>Cancel</Button>
          <Button look="primary" type="submit" busy={busy && 'Saving …'}>
            Save labels
          </Button>
        </span>
      </div>
    </form>
  );
}
