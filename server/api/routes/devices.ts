/** Routes of devices. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  AddDeviceRequest,
  AddedDevice,
  DeviceDetail,
  DeviceEntry,
  DeviceList,
  EventList,
  LabelDeviceRequest,
  RemovedDevice,
  StatusEntry,
  StatusList,
} from '#contracts/api.ts';
import { addDevice } from '../../devices/add-device.ts';
import { getDevice, listDevices } from '../../devices/describe-devices.ts';
import { listEvents } from '../../devices/device-events.ts';
import { getStatus, listStatuses } from '../../devices/device-status.ts';
import { labelDevice } from '../../devices/label-device.ts';
import { reissueCredentials } from '../../devices/reissue-credentials.ts';
import { removeDevice } from '../../devices/remove-device.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { type Api, contextOf } from '../environment.ts';
import { etag, expectedRevision, parse } from '../preconditions.ts';

const tags = ['devices'];
const params = NamePath;
const IfMatch = z.object({ 'if-match': z.string().optional().describe('The ETag you read.') });

const getDevices = createRoute({
  method: 'get',
  path: '/devices',
  tags,
  summary: 'All devices, by seat',
  responses: answers(DeviceList, 'The devices.'),
});
const postDevice = createRoute({
  method: 'post',
  path: '/devices',
  tags,
  summary: 'Add a device',
  request: { body: { required: true, content: json(AddDeviceRequest) } },
  responses: {
    201: { description: 'The device, with its config and its key. The key is shown once.', content: json(AddedDevice) },
    default: problem,
  },
});
const getOne = createRoute({
  method: 'get',
  path: '/devices/{name}',
  tags,
  summary: 'One device',
  request: { params },
  responses: answers(DeviceDetail, 'The device.'),
});
const patchDevice = createRoute({
  method: 'patch',
  path: '/devices/{name}',
  tags,
  summary: 'Replace the labels of a device',
  request: { params, headers: IfMatch, body: { required: true, content: json(LabelDeviceRequest) } },
  responses: answers(DeviceEntry, 'The device with its new labels.'),
});
const deleteDevice = createRoute({
  method: 'delete',
  path: '/devices/{name}',
  tags,
  summary: 'Take a device off the wall and refuse its key',
  request: { params, headers: IfMatch },
  responses: answers(RemovedDevice, 'What was done.'),
});
const postCredentials = createRoute({
  method: 'post',
  path: '/devices/{name}/credentials',
  tags,
  summary: 'Give a device a new key; the old one is refused',
  request: { params },
  responses: answers(AddedDevice, 'The device, with its config and its new key. The key is shown once.'),
});
const getDeviceStatus = createRoute({
  method: 'get',
  path: '/devices/{name}/status',
  tags,
  summary: 'The last report of a device',
  request: { params },
  responses: answers(StatusEntry, 'The report.'),
});
const getDeviceEvents = createRoute({
  method: 'get',
  path: '/devices/{name}/events',
  tags,
  summary: 'What happened on a device lately, oldest first',
  request: { params },
  responses: answers(EventList, 'The events.'),
});
const getStatuses = createRoute({
  method: 'get',
  path: '/status',
  tags,
  summary: 'The last report of every device',
  responses: answers(StatusList, 'The reports.'),
});

export function deviceRoutes(api: Api): void {
  api.openapi(getDevices, async (c) => c.json({ items: await listDevices({ ctx: contextOf(c) }) }, 200));
  api.openapi(postDevice, async (c) => {
    const added = await addDevice({ ctx: contextOf(c), input: c.req.valid('json') });
    return c.json(added, 201, { ETag: etag(added.revision), Location: `/api/v1/devices/${added.device.name}` });
  });
  api.openapi(getOne, async (c) => {
    const device = await getDevice({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.json(device, 200, { ETag: etag(device.revision) });
  });
  api.openapi(patchDevice, async (c) => {
    const input = {
      ...c.req.valid('param'),
      ...c.req.valid('json'),
      expectedRevision: expectedRevision(c.req.header('if-match'), undefined),
    };
    const entry = await labelDevice({ ctx: contextOf(c), input });
    return c.json(entry, 200, { ETag: etag(entry.revision) });
  });
  api.openapi(deleteDevice, async (c) => {
    const ifMatch = c.req.header('if-match');
    const seen = ifMatch === undefined ? undefined : parse(ifMatch);
    return c.json(await removeDevice({ ctx: contextOf(c), input: { ...c.req.valid('param'), expectedRevision: seen } }), 200);
  });
  api.openapi(postCredentials, async (c) => {
    const added = await reissueCredentials({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.json(added, 200, { ETag: etag(added.revision) });
  });
  api.openapi(getDeviceStatus, async (c) => c.json(await getStatus({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(getDeviceEvents, async (c) =>
    c.json({ items: await listEvents({ ctx: contextOf(c), input: c.req.valid('param') }) }, 200),
  );
  api.openapi(getStatuses, async (c) => c.json({ items: await listStatuses({ ctx: contextOf(c) }) }, 200));
}
