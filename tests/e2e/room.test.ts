import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { HouseProcess } from './support/house-process.ts';
import { comeAsGuest, makeRoom, roomRests, roomScript, wordsOf } from './support/room.ts';
import { settleOwner, Talk } from './support/talk.ts';
import { PHONE, Visitor } from './support/visitor.ts';

let browser: Browser;
let house: HouseProcess;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), HouseProcess.start({ script: roomScript })]);
  await settleOwner(house);
});
afterAll(async () => {
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

const member = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation', { name: 'Who is here' }).getByRole('button', { name });

test('a room begins with chosen characters in order, and one more comes in', async () => {
  await using visitor = await Visitor.enter(browser, house);
  const { page } = visitor;
  await page.goto(`${house.address}/characters`);
  await page.getByRole('button', { name: 'New room' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Mira/ }).click();
  await dialog.getByRole('button', { name: /^Captain Wren/ }).click();
  await dialog.getByRole('button', { name: 'Captain Wren Okafor earlier' }).click();
  await dialog.getByRole('button', { name: 'Begin', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Captain Wren Okafor and Mira' }).waitFor();
  await member(page, 'Captain Wren Okafor').waitFor();
  await new Talk(page).last('Captain Wren Okafor').waitFor();

  await member(page, 'Let somebody in').click();
  await dialog.getByRole('searchbox').fill('Bramble');
  await dialog.getByRole('button', { name: /^Bramble/ }).click();
  await page.getByText('Bramble comes in.').waitFor();
  await member(page, 'Bramble').waitFor();
});

test('the host lets one speak, mutes, moves, sends out of the scene and behind a door', async () => {
  const { id } = await makeRoom(house, ['Ada', 'Ben', 'Cleo'], { turnOrder: 'manual' });
  await using visitor = await Visitor.enter(browser, house);
  const talk = await Talk.open(visitor.page, house, id);
  const { page } = talk;
  const dialog = page.getByRole('dialog');
  const press = (name: string) => dialog.getByRole('button', { name, exact: true }).click();
  await talk.say('Good evening');
  await talk.last('You').waitFor();
  await member(page, 'Ben').click();
  await press('Let speak now');
  await talk.settled('Ben', 'Good evening');

  await member(page, 'Ben').click();
  await press('Move up');
  await page.locator('h1', { hasText: 'Ben, Ada, and Cleo' }).waitFor();
  await press('Mute');
  await dialog.getByRole('button', { name: 'Unmute' }).waitFor();
  await press('Leaves the scene');
  await page.getByText('Ben leaves.').waitFor();
  await page.keyboard.press('Escape');
  await member(page, 'Ben not here').click();
  await press('Comes back');
  await page.getByText('Ben comes in.').waitFor();
  await dialog.getByRole('textbox', { name: 'Behind a closed door' }).fill('the kitchen');
  await dialog.getByRole('checkbox', { name: 'Cleo' }).check();
  await press('Close the door');
  await page.getByText('Ben and Cleo go behind a door: the kitchen.').waitFor();
  await press('Open the door');
  await page.getByText('The door opens, and Ben and Cleo come out.').waitFor();
  await press('Send away');
  await press('Send away');
  await page.getByRole('heading', { level: 1, name: 'Ada and Cleo' }).waitFor();
});

test('one is asked by name, oneself by an aside, all by neither; own words are changed and kept from the models', async () => {
  const { id } = await makeRoom(house, ['Abel', 'Bea', 'Cora'], { turnOrder: 'list', mostReplies: 2 });
  await using visitor = await Visitor.enter(browser, house);
  const talk = await Talk.open(visitor.page, house, id);
  const { page } = talk;
  const hear = async (role: 'menuitemradio', name: string | RegExp) => {
    await page.getByRole('button', { name: /^Who hears it/ }).click();
    await page.getByRole(role, { name }).click();
  };
  const speakers = async () =>
    (await house.owner.call('messages', { params: { id }, query: { limit: 50 } })).messages.map(
      ({ author }) => author.name,
    );
  await talk.say('@Cora are you awake?');
  await talk.settled('Cora', 'Good evening to you.');
  await roomRests(house, id);
  expect(await speakers()).toEqual(['Abel', 'Robin', 'Cora']);

  await hear('menuitemradio', /^To myself/);
  await talk.say('I hope nobody asks me');
  await talk.last('You').getByText('to oneself').waitFor();
  await roomRests(house, id);
  expect((await speakers()).at(-1)).toBe('Robin');

  // Two answer one message, one after the other.
  await hear('menuitemradio', 'To everyone here');
  await talk.say('Good evening');
  await talk.messages('Abel').nth(1).getByText('Good evening to you.').waitFor();
  await talk.messages('Bea').first().getByText('Good evening to you.').waitFor();
  await roomRests(house, id);
  expect((await speakers()).slice(-3)).toEqual(['Robin', 'Abel', 'Bea']);

  const own = talk.last('You');
  await own.hover();
  await own.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Hide from the model' }).click();
  await own.getByText('Hidden from the model').waitFor();
  await own.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Edit the message' }).fill('Good night');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await talk.last('You').getByText('Good night').waitFor();
});

test('the director says why, and the settings say what each order means', async () => {
  const { id } = await makeRoom(house, ['Noor', 'Wren']);
  await using visitor = await Visitor.enter(browser, house);
  const talk = await Talk.open(visitor.page, house, id);
  const { page } = talk;
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'How the room goes' }).click();
  await page.getByRole('radio', { name: /Director/ }).check();
  await page.getByRole('button', { name: 'Done' }).click();
  await talk.say('Where are the birds?');
  const reply = await talk.settled('Wren', 'They come back in March.');
  await reply.getByText('Chosen because: Wren knows the birds.').waitFor();
  await page.getByTestId('finished').getByText('Wren: They come back in March.').waitFor({ state: 'attached' });
});

test('a guest comes by a link, whispers unheard, has their own words only, and is sent away', async () => {
  const { id, seats } = await makeRoom(house, ['Ida', 'Tom'], { turnOrder: 'natural', mostReplies: 1 });
  await using host = await Visitor.enter(browser, house);
  const hosts = await Talk.open(host.page, house, id);
  await using guest = await comeAsGuest({ browser, house, id }, 'Kim', { viewport: PHONE, hasTouch: true });
  const guests = new Talk(guest.page);
  await host.page.getByText('Kim comes in.').waitFor();
  await member(host.page, 'Kim online').waitFor();
  // It is told for some seconds only after a key.
  await expect
    .poll(async () => {
      await guests.box.pressSequentially('I am ');
      return await member(host.page, 'Kim typing…').count();
    })
    .toBe(1);

  // What the guest whispers reaches neither the host's page nor what the host may read.
  await guest.page.getByRole('button', { name: /^Who hears it/ }).click();
  await guest.page.getByRole('menuitemcheckbox', { name: 'Tom' }).click();
  await guest.page.keyboard.press('Escape');
  await guests.say('the lighthouse is empty');
  await guests.settled('Tom', 'lighthouse');
  await guests.last('You').getByText('whispered to Tom').waitFor();
  await host.page.getByText('Something was said that you did not hear').waitFor();
  expect(await wordsOf(host.page)).not.toContain('lighthouse');
  const { messages } = await house.owner.call('messages', { params: { id }, query: { limit: 50 } });
  expect(JSON.stringify(messages)).not.toContain('lighthouse');

  // What everybody hears a guest has translated, by the host's model; who they are is theirs to say.
  await guests.last('Tom').getByRole('button', { name: 'More' }).click();
  await guest.page.getByRole('menuitem', { name: 'Translate' }).click();
  await guests.last('Tom').getByRole('region', { name: 'Translation' }).getByText('I know that').waitFor();
  await guest.page.getByRole('button', { name: /^You are Kim/ }).click();
  await guest.page.getByRole('textbox', { name: 'Name' }).fill('Captain Kim');
  await guest.page.getByRole('textbox', { name: 'Description' }).fill('Has no ship.');
  await guest.page.getByRole('button', { name: 'Save' }).click();
  await member(host.page, 'Captain Kim online').waitFor();
  await guest.page.getByRole('navigation', { name: 'Who is here' }).getByRole('button', { name: '4 here' }).click();
  await member(guest.page, 'Captain Kim online').waitFor();
  expect(await guest.page.getByRole('button', { name: 'Help with writing' }).count()).toBe(0);
  await house.owner.call('updateRoom', { params: { id }, body: { guestsWrite: true } });
  await guest.page.getByRole('button', { name: 'Help with writing' }).waitFor();

  // A guest has no controls that would not work.
  await guest.page.getByRole('button', { name: 'Conversation menu' }).click();
  await expect.poll(() => guest.page.getByRole('menuitem').allInnerTexts()).toEqual(['Leave the room']);
  await guest.page.keyboard.press('Escape');
  expect(await guest.page.getByRole('button', { name: 'Regenerate' }).count()).toBe(0);
  await guest.page.goto(`${house.address}/settings`);
  await guest.page.getByRole('heading', { name: 'Your rooms' }).waitFor();
  await guest.page.goto(`${house.address}/c/${id}`);

  // The host deletes; the guest sees it gone; then the guest is sent away.
  await roomRests(house, id);
  await hosts.say('Goodbye, Kim');
  await guests.last('Robin').getByText('Goodbye, Kim').waitFor();
  await hosts.last('You').getByRole('button', { name: 'More' }).click();
  await host.page.getByRole('menuitem', { name: 'Delete' }).click();
  await guest.page.getByText('This message was deleted.').waitFor();
  await roomRests(house, id);
  await house.owner.call('removeParticipant', { params: { id, participantId: kimOf(await participants(id)) } });
  await guest.page.getByRole('heading', { name: 'You are not in this room any more' }).waitFor();
  expect(seats.size).toBe(3);
});

test('the host makes a link in the dialog, takes it back, and the door then says so, in Chinese too', async () => {
  const { id } = await makeRoom(house, ['Otto', 'Lena']);
  await using host = await Visitor.enter(browser, house);
  await Talk.open(host.page, house, id);
  const { page } = host;
  await page.getByRole('button', { name: 'Conversation menu' }).click();
  await page.getByRole('menuitem', { name: 'Invite a human' }).click();
  await page.getByRole('textbox', { name: 'Whom it is for' }).fill('Ana');
  await page.getByRole('button', { name: 'Create a link' }).click();
  const link = await page.getByRole('dialog').locator('code').innerText();
  expect(link).toMatch(/\/room#.{16,}/);
  await using stranger = await Visitor.come(browser, { locale: 'zh-CN', colorScheme: 'dark', viewport: PHONE });
  await stranger.page.goto(link);
  await stranger.page.getByRole('heading', { name: 'Robin邀请你' }).waitFor();
  await stranger.page.getByText('Otto').waitFor();
  await page.getByRole('button', { name: 'Take back the invitation: Ana' }).click();
  await page.getByText('Open invitations').waitFor({ state: 'detached' });
  await stranger.page.reload();
  await stranger.page.getByRole('heading', { name: '这个链接已经失效' }).waitFor();
});

test('characters that go on by themselves are paused and ended', async () => {
  const { id } = await makeRoom(house, ['Ulla', 'Vera'], { turnOrder: 'list', mostReplies: 1 });
  await house.owner.call('updateRoom', { params: { id }, body: { autoRun: true, autoRunDelayInSeconds: 60 } });
  await using visitor = await Visitor.enter(browser, house);
  const talk = await Talk.open(visitor.page, house, id);
  const { page } = talk;
  await talk.say('Talk among yourselves');
  await page.getByText(/in \d+ s/).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('The characters pause.').waitFor();
  await page.getByRole('button', { name: 'End the turns' }).click();
  await page.getByText('The characters wait for you.').waitFor();
});

async function participants(id: string) {
  return (await house.owner.call('conversation', { params: { id } })).participants;
}

function kimOf(all: readonly { id: string; name: string }[]): string {
  return all.find(({ name }) => name === 'Captain Kim')?.id ?? '';
}
