import { describe, expect, it } from 'vitest';
import { eventUrl } from '../../src/cloudtrail/console.ts';
import { readable } from '../support/records.ts';

describe('the console link of an event', () => {
  it.each([
    ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/e-1'],
    [
      'ap-southeast-2',
      'https://ap-southeast-2.console.aws.amazon.com/cloudtrailv2/home?region=ap-southeast-2#/events/e-1',
    ],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1#/events/e-1'],
    [
      'us-gov-west-1',
      'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/events/e-1',
    ],
  ])('in %s', (awsRegion, expected) => {
    expect(eventUrl(readable({ awsRegion, eventID: 'e-1' }))).toBe(expected);
  });

  it.each([
    'global',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'eusc-de-east-1',
    'evil.example/x',
    '',
  ])('is left out for the region "%s"', (awsRegion) => {
    expect(eventUrl(readable({ awsRegion }))).toBeUndefined();
  });

  it('encodes what stands in the event id', () => {
    const url = eventUrl(readable({ eventID: 'a/b?c#d|<e> \ud800' }));
    expect(url).toMatch(/#\/events\/a%2Fb%3Fc%23d%7C%3Ce%3E%20%EF%BF%BD$/);
  });

  it.each([
    { eventID: null },
    { eventCategory: 'Data', managementEvent: false },
    { eventCategory: 'NetworkActivity' },
  ])('is left out where the event history has no such event: %j', (overrides) => {
    expect(eventUrl(readable(overrides))).toBeUndefined();
  });
});
