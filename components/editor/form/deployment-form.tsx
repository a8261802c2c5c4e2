'use client';
import { Plus } from 'lucide-react';
import { appendTo } from '../../manifest/edit-manifest.ts';
import { SERVICES_PATH } from '../../manifest/form-model.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useEditing, useIssuesAt } from '../editing.ts';
import { FormSection } from './form-section.tsx';
import { IssueWords } from './issue-words.tsx';
import { ServiceCard } from './service-card.tsx';
import { TextField } from './text-field.tsx';
import { WhereSection } from './where-section.tsx';

interface DeploymentFormProps {
  /** Moves the caret to what stops the YAML from being read. */
  onShowProblem: () => void;
}

export function DeploymentForm({ onShowProblem }: DeploymentFormProps) {
  const { form, disabled, issues, nameIsFixed, edit } = useEditing();
  return (
    <div className="flex flex-col gap-6">
      {disabled ? (
        <ErrorNote
          fact={issues[0]?.message ?? 'The YAML cannot be read.'}
          effect="The form waits until this is fixed."
          action={<Button onClick={onShowProblem}>Show it</Button>}
        />
      ) : null}
      {nameIsFixed ? (
        <NameIssues />
      ) : (
        <TextField
          label="Name of the deployment"
          path={['metadata', 'name']}
          value={form.name}
          required
          placeholder="hello"
          hint="Lower-case letters, digits and dashes. It stays."
        />
      )}
      <WhereSection />
      <FormSection
        title="Services"
        aside={
          <Button disabled={disabled} onClick={() => edit((text) => appendTo(text, SERVICES_PATH, { name: '', image: '' }))}>
            <Plus size={18} strokeWidth={1.75} aria-hidden />
            Service
          </Button>
        }
      >
        {form.services.length === 0 ? <p className="text-muted">No services yet: nothing would run.</p> : null}
        {form.services.map((service) => (
          <ServiceCard key={service.index} service={service} count={form.services.length} />
        ))}
      </FormSection>
      <HowSection />
    </div>
  );
}

function NameIssues() {
  return <IssueWords issues={useIssuesAt(['metadata', 'name'])} />;
}

function HowSection() {
  const { disabled } = useEditing();
  const issues = useIssuesAt(['spec', 'rollout']);
  return (
    <FormSection title="How">
      <fieldset disabled={disabled} className="flex flex-col gap-1">
        <legend className="sr-only">How the change travels over the devices</legend>
        <label className="inline-flex min-h-9 items-center gap-2 touch:min-h-11">
          <input type="radio" name="strategy" className="size-4 accent-accent" checked readOnly />
          All at once
        </label>
        <p className="text-13 text-muted">
          Every device changes as soon as it hears of it. Immediate is the one strategy that is accepted.
        </p>
      </fieldset>
      <IssueWords issues={issues} />
    </FormSection>
  );
}
