import { z } from 'zod';
import { readJsonAnswer, valueAt } from '../read-json-answer.ts';
import { assignmentPlanSchema, missesOfAssignment } from './plans/assignment-plan.ts';
import { missesOfOrder, orderPlanSchema } from './plans/order-plan.ts';
import { missesOfQuantities, quantitiesPlanSchema } from './plans/quantities-plan.ts';
import { missesOfRoute, routePlanSchema } from './plans/route-plan.ts';
import { missesOfSchedule, schedulePlanSchema } from './plans/schedule-plan.ts';
import { missesOfSelection, selectionPlanSchema } from './plans/selection-plan.ts';

/** A plan that a program can go through: the JSON at `at` keeps to every constraint. Any plan that does is right. */
export const planCheckSchema = z.strictObject({
  check: z.literal('plan-valid'),
  at: z.string(),
  fenced: z.boolean().optional(),
  plan: z.discriminatedUnion('kind', [
    schedulePlanSchema,
    selectionPlanSchema,
    orderPlanSchema,
    assignmentPlanSchema,
    quantitiesPlanSchema,
    routePlanSchema,
  ]),
});
export type PlanCheck = z.infer<typeof planCheckSchema>;

export function missesOfPlan(text: string, { at, fenced = false, plan }: PlanCheck): string[] {
  const answer = readJsonAnswer(text, { fenced });
  if (answer === undefined) return ['is not JSON'];
  const value = valueAt(answer, at);
  switch (plan.kind) {
    case 'schedule':
      return missesOfSchedule(value, plan);
    case 'selection':
      return missesOfSelection(value, plan);
    case 'order':
      return missesOfOrder(value, plan);
    case 'assignment':
      return missesOfAssignment(value, plan);
    case 'quantities':
      return missesOfQuantities(value, plan);
    default:
      return missesOfRoute(value, plan);
  }
}
