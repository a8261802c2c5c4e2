'use client';
import type { ManifestIssue } from '../manifest/read-manifest.ts';
import { useEditing } from './editing.ts';

/** The ways out of an issue, each a button. */
export function FixButtons({ issue, size }: { issue: ManifestIssue; size: string }) {
  const { applyFix, disabled } = useEditing();
  return issue.fixes?.map((fix) => (
    <button
      key={fix.label}
      type="button"
      disabled={disabled}
      onClick={() => applyFix(fix)}
      className={`${size} rounded-ctl border border-line-strong px-2 text-13 font-semibold hover:bg-raised`}
    >
      {fix.label}
    </button>
  ));
}
