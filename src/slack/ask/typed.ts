/**
 * What a person typed, as typed: Slack escapes three signs and makes references of people, channels, e-mail
 * addresses and web addresses. People are left out where Slack does not say how they were called.
 * Source: Slack, "Formatting text for app surfaces", retrieving formatted messages.
 */
export function asTyped(text: string): string {
  return text
    .slice(0, 100_000)
    .replace(/<@[UW][A-Z0-9]+>/g, ' ')
    .replace(/<@[UW][A-Z0-9]+\|([^>]*)>/g, '$1')
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, '$1')
    .replace(/<(?:mailto:|tel:|https?:\/\/)[^>|]*\|([^>]*)>/g, '$1')
    .replace(/<(?:mailto:|tel:)?((?:https?:\/\/)?[^<>|!@#][^<>|]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}
