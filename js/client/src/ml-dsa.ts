import type { MlDsaVerifier, Policy } from 'glasshouse-formats'

/** What verifies the ML-DSA-44 cosignatures that a policy asks for; loaded only if it does. */
export async function mlDsaFor(policy: Policy): Promise<MlDsaVerifier | undefined> {
  if (!policy.hasMlDsa) {
    return undefined
  }
  const { ml_dsa44 } = await import('@noble/post-quantum/ml-dsa.js')
  return (key, message, signature) => ml_dsa44.verify(signature, message, key)
}
