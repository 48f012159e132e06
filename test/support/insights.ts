import type { JsonObject } from '../../src/kernel/json.ts';

const DEPLOY = 'arn:aws:sts::111122223333:assumed-role/deploy';
const BOB = 'arn:aws:iam::111122223333:user/bob';

/** What both halves of an Insight share. */
export const SHARED_ID = '9b2f6a50-0000-4000-8000-00000000c0de';

/**
 * An Insight as CloudTrail logs it: `RunInstances` 61 times a minute instead of 5, most by role deploy; the overrides
 * replace whole members of its details.
 */
export function insight(state: 'Start' | 'End', overrides: JsonObject = {}): JsonObject {
  const end = state === 'End';
  return {
    eventVersion: '1.09',
    eventTime: end ? '2026-11-20T09:27:00Z' : '2026-11-20T09:15:00Z',
    awsRegion: 'eu-west-1',
    eventID: `9b2f6a50-0000-4000-8000-00000000000${end ? '2' : '1'}`,
    eventType: 'AwsCloudTrailInsight',
    recipientAccountId: '111122223333',
    sharedEventID: SHARED_ID,
    eventCategory: 'Insight',
    insightDetails: {
      state,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      insightType: 'ApiCallRateInsight',
      insightContext: {
        statistics: {
          baseline: { average: 5 },
          insight: { average: 61 },
          insightDuration: end ? 12 : 4,
          baselineDuration: 10_080,
        },
        attributions: [
          {
            attribute: 'userIdentityArn',
            insight: [
              { value: DEPLOY, average: 58 },
              { value: BOB, average: 3 },
            ],
            baseline: [{ value: DEPLOY, average: 4 }],
          },
          { attribute: 'userAgent', insight: [{ value: 'Boto3/1.35.63', average: 61 }], baseline: [] },
          {
            attribute: 'errorCode',
            insight: [{ value: 'null', average: 61 }],
            baseline: [{ value: 'null', average: 5 }],
          },
        ],
      },
      ...overrides,
    },
  };
}
