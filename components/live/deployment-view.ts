/** What the pages know of one deployment. Pure, like `device-view.ts`; its status has a revision of its own. */
import type { DeploymentEntry } from '#contracts/api.ts';
import type { Deployment, DeploymentStatus } from '#contracts/deployment.ts';
import { isNewer } from './device-view.ts';

export interface DeploymentView {
  name: string;
  epoch: number;
  /** -1: only its status was seen so far. */
  revision: number;
  deployment: Deployment | undefined;
  status: DeploymentStatus | undefined;
  statusRevision: number;
  statusEpoch: number;
}

export type DeploymentChange =
  | { kind: 'deployment'; name: string; revision: number; deployment: Deployment | undefined }
  | { kind: 'deployment-status'; name: string; revision: number; status: DeploymentStatus | undefined };

export const newDeploymentView = (name: string): DeploymentView => ({
  name,
  epoch: -1,
  revision: -1,
  deployment: undefined,
  status: undefined,
  statusRevision: -1,
  statusEpoch: -1,
});

export function reduceDeployment(view: DeploymentView, change: DeploymentChange, epoch: number): DeploymentView {
  if (change.kind === 'deployment')
    return isNewer(view, change.revision, epoch)
      ? { ...view, revision: change.revision, epoch, deployment: change.deployment }
      : view;
  return isNewer({ revision: view.statusRevision, epoch: view.statusEpoch }, change.revision, epoch)
    ? { ...view, status: change.status, statusRevision: change.revision, statusEpoch: epoch }
    : view;
}

/** As the REST API would give it; undefined for one that is gone. */
export const entryOf = (view: DeploymentView | undefined): DeploymentEntry | undefined =>
  view?.deployment && {
    revision: view.revision,
    deployment: view.deployment,
    ...(view.status ? { status: view.status, statusRevision: view.statusRevision } : {}),
  };
