/** Deletes a deployment; the controller takes it from the devices. */
import { audited } from '../audit/audited.ts';
import { checkMayDeploy } from '../auth/reach.ts';
import { RevisionConflict } from '../kv/store.ts';
import { DELETION_HEADER } from './deployment-history.ts';
import { deploymentChanged } from './find-deployment.ts';
import { findWhole, registered } from './visible.ts';

export interface DeleteDeploymentInput {
  name: string;
  /** Revision the person saw. */
  expectedRevision: number;
}

export const deleteDeployment = audited<DeleteDeploymentInput, void>(
  'deployment.delete',
  ({ name }) => name,
  async ({ ctx, input: { name, expectedRevision } }) => {
    const { hub, actor } = ctx;
    const { value, revision } = await findWhole(ctx, name);
    checkMayDeploy(actor, value.spec, await registered(hub));
    if (revision !== expectedRevision) throw await deploymentChanged(hub, name, expectedRevision);
    const headers = {
      [DELETION_HEADER.author]: actor.user,
      [DELETION_HEADER.generation]: String((value.metadata.generation ?? 1) + 1),
    };
    await hub.buckets.deployments.delete(name, { expectedRevision, headers }).catch(async (error: unknown) => {
      throw error instanceof RevisionConflict ? await deploymentChanged(hub, name, expectedRevision) : error;
    });
  },
);
