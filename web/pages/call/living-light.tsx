import { useEffect, useRef } from 'react';
import type { CallState } from './call-view.ts';
import classes from './call-page.module.css';

/** Levels of the two voices now, dBFS. Read once a frame, so that levels never pass through React. */
export interface VoiceLevels {
  mine: number;
  theirs: number;
}

export interface LivingLightProps {
  levels: () => VoiceLevels;
  state: CallState;
}

/** Frames a second: what looks alive and leaves a phone's battery alone. */
const FRAMES_PER_SECOND = 30;
const QUIET_IN_DB = -55;
const LOUD_IN_DB = -14;
/** Part of the way towards the new level each frame: up at once, down like a flame. */
const RISE = 0.5;
const FALL = 0.12;

/** A light that breathes: it glows with the character's voice and answers yours with a pale ring. */
export function LivingLight({ levels, state }: LivingLightProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ levels, state });
  useEffect(() => {
    latest.current = { levels, state };
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    return animate(element, () => latest.current);
  }, []);
  return <canvas ref={canvas} className={classes['light']} aria-hidden />;
}

function animate(canvas: HTMLCanvasElement, read: () => LivingLightProps): () => void {
  const context = canvas.getContext('2d');
  if (context === null) return () => undefined;
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const scale = Math.min(globalThis.devicePixelRatio, 2);
  const shown = { mine: 0, theirs: 0, thinking: 0 };
  let last = 0;
  let frame = 0;
  const draw = (now: number) => {
    frame = requestAnimationFrame(draw);
    if (now - last < 1000 / FRAMES_PER_SECOND - 4) return;
    last = now;
    const { levels, state } = read();
    const { mine, theirs } = levels();
    shown.mine = follow(shown.mine, brightness(mine));
    shown.theirs = follow(shown.theirs, brightness(theirs));
    shown.thinking = follow(shown.thinking, state === 'thinking' ? 1 : 0);
    const size = canvas.clientWidth * scale;
    if (canvas.width !== size) canvas.width = canvas.height = size;
    paint(context, { size, seconds: still.matches ? 0 : now / 1000, still: still.matches, ...shown });
  };
  frame = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(frame);
}

function follow(shown: number, wanted: number): number {
  return shown + (wanted - shown) * (wanted > shown ? RISE : FALL);
}

/** 0 for silence, 1 for a loud voice. */
function brightness(levelInDb: number): number {
  return Math.max(0, Math.min(1, (levelInDb - QUIET_IN_DB) / (LOUD_IN_DB - QUIET_IN_DB)));
}

interface Light {
  size: number;
  seconds: number;
  still: boolean;
  mine: number;
  theirs: number;
  thinking: number;
}

function paint(context: CanvasRenderingContext2D, { size, seconds, still, mine, theirs, thinking }: Light): void {
  const middle = size / 2;
  const breath = still ? 0.5 : 0.5 + 0.5 * Math.sin(seconds * (1.3 + thinking * 2.2));
  const radius = size * (0.19 + 0.02 * breath + (still ? 0.03 : 0.1 * theirs));
  context.clearRect(0, 0, size, size);
  context.globalCompositeOperation = 'lighter';
  paintRing(context, { middle, radius: size * (0.27 + 0.08 * (still ? 0.4 : mine)), mine, size });
  // Three flames around the middle: together they never look the same twice.
  for (const [index, turn] of [0.31, -0.23, 0.17].entries()) {
    const angle = seconds * turn + index * 2.1;
    const away = radius * (0.1 + 0.16 * theirs + 0.12 * thinking);
    const [x, y] = [middle + Math.cos(angle) * away, middle + Math.sin(angle) * away];
    glow(context, { x, y, radius: radius * (1.9 + 0.15 * index), strength: 0.24 + 0.16 * theirs + 0.05 * breath });
  }
  context.globalCompositeOperation = 'source-over';
  core(context, { middle, radius: radius * 1.05, strength: 0.78 + 0.22 * theirs });
}

function glow(
  context: CanvasRenderingContext2D,
  { x, y, radius, strength }: { x: number; y: number; radius: number; strength: number },
): void {
  const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
  gradient.addColorStop(0, `rgba(240, 116, 62, ${strength})`);
  gradient.addColorStop(0.35, `rgba(217, 83, 44, ${strength * 0.55})`);
  gradient.addColorStop(0.7, `rgba(160, 60, 40, ${strength * 0.16})`);
  gradient.addColorStop(1, 'rgba(120, 40, 30, 0)');
  context.fillStyle = gradient;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

function core(
  context: CanvasRenderingContext2D,
  { middle, radius, strength }: { middle: number; radius: number; strength: number },
): void {
  const gradient = context.createRadialGradient(middle, middle, 0, middle, middle, radius);
  gradient.addColorStop(0, `rgba(255, 226, 178, ${strength})`);
  gradient.addColorStop(0.3, `rgba(255, 200, 140, ${strength * 0.62})`);
  gradient.addColorStop(0.65, `rgba(246, 150, 90, ${strength * 0.22})`);
  gradient.addColorStop(1, 'rgba(240, 116, 62, 0)');
  context.fillStyle = gradient;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** The person's own voice: a pale ring, like a moon's. */
function paintRing(
  context: CanvasRenderingContext2D,
  { middle, radius, mine, size }: { middle: number; radius: number; mine: number; size: number },
): void {
  if (mine < 0.02) return;
  const width = size * (0.05 + 0.05 * mine);
  const gradient = context.createRadialGradient(middle, middle, radius - width, middle, middle, radius + width);
  gradient.addColorStop(0, 'rgba(190, 210, 255, 0)');
  gradient.addColorStop(0.5, `rgba(200, 218, 255, ${0.12 + 0.34 * mine})`);
  gradient.addColorStop(1, 'rgba(190, 210, 255, 0)');
  context.fillStyle = gradient;
  context.fillRect(0, 0, size, size);
}
