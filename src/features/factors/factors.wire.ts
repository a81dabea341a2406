import type { components } from '../../../generated/openapi.ts';
import type { Factor } from './factor.ts';
import type { ConfirmedFactor, UserFactors } from './factors.service.ts';

/** The one place where a factor becomes what clients see; it has been confirmed. */
export function toWireFactor(factor: Factor): components['schemas']['Factor'] {
  const { id, kind, name, createdAt, confirmedAt = createdAt, lastUsedAt } = factor;
  return {
    id,
    kind,
    name,
    confirmed_at: confirmedAt.toISOString(),
    last_used_at: lastUsedAt?.toISOString() ?? null,
  };
}

export function toWireFactors({ factors, recoveryCodesLeft }: UserFactors): components['schemas']['FactorList'] {
  return { items: factors.map(toWireFactor), recovery_codes_left: recoveryCodesLeft };
}

export function toWireConfirmed(confirmed: ConfirmedFactor): components['schemas']['ConfirmedFactor'] {
  return { factor: toWireFactor(confirmed.factor), recovery_codes: [...confirmed.recoveryCodes] };
}
