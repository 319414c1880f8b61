import { useTranslation } from 'react-i18next';
import classes from '../developers.module.css';
import { follow, typeWords } from './open-api.ts';
import type { Reference, ShownSchema } from './open-api.ts';

/** Deeper levels are in the whole description. */
const DEEPEST = 3;

export interface SchemaViewProps {
  schema: ShownSchema;
  schemas: Reference['schemas'];
  depth?: number;
}

/** Fields of an object, one below the other, with theirs. */
export function SchemaView({ schema, schemas, depth = 0 }: SchemaViewProps) {
  const { t } = useTranslation('developers');
  const whole = follow(schema, schemas);
  const fields = Object.entries(whole.properties ?? {});
  if (fields.length === 0) return <code className={classes['soft']}>{typeWords(schema)}</code>;
  return (
    <ul className={classes['schema']}>
      {fields.map(([name, field]) => (
        <li key={name}>
          <code>{name}</code> <span className={classes['soft']}>{typeWords(field)}</span>
          {whole.required?.includes(name) === true && (
            <span className={classes['soft']}> · {t('reference.required')}</span>
          )}
          {field.description !== undefined && <p className={classes['soft']}>{field.description}</p>}
          {depth < DEEPEST && <Inner field={field} schemas={schemas} depth={depth + 1} />}
        </li>
      ))}
    </ul>
  );
}

function Inner({ field, schemas, depth }: { field: ShownSchema; schemas: Reference['schemas']; depth: number }) {
  const whole = follow(field, schemas);
  const inner = whole.type === 'array' ? follow(whole.items ?? {}, schemas) : whole;
  return inner.properties === undefined ? null : <SchemaView schema={inner} schemas={schemas} depth={depth} />;
}
