/**
 * Labels that mark a container as ours. A container without them is invisible to the agent. All are always written, empty where
 * there is nothing to say, because an image can bring labels of its own.
 */

export const CONTAINER_LABEL = {
  device: 'scorewall.device',
  deployment: 'scorewall.deployment',
  service: 'scorewall.service',
  /** The exact Score text of the service: equal text means nothing to do. */
  score: 'scorewall.score',
  /** Set where several fleets share one engine, so that each sees only its own. */
  fleet: 'scorewall.fleet',
  /** `true`: the agent pulled the image of this container, and may remove it when it is no longer needed. */
  pulled: 'scorewall.pulled',
  /** Id of the image this service ran before; the agent keeps that one and removes older ones it pulled. */
  previousImage: 'scorewall.previous-image',
} as const;
