package latchkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import latchkey.model.AnswerFactor;
import latchkey.model.ChallengeAnswer;

/** What answers a challenge. */
public final class SecondFactor {
  private final AnswerFactor factor;
  private final String code;
  private final JsonNode credential;

  private SecondFactor(AnswerFactor factor, String code, JsonNode credential) {
    this.factor = factor;
    this.code = code;
    this.credential = credential;
  }

  /** The code that the authenticator app shows. */
  public static SecondFactor totp(String code) {
    return new SecondFactor(AnswerFactor.TOTP, Objects.requireNonNull(code), null);
  }

  /** One of the codes that were shown when the first factor was added. */
  public static SecondFactor recoveryCode(String code) {
    return new SecondFactor(AnswerFactor.RECOVERY_CODE, Objects.requireNonNull(code), null);
  }

  /** What a browser's passkey answered to {@code beginPasskeyLogin}. */
  public static SecondFactor passkey(JsonNode credential) {
    return new SecondFactor(AnswerFactor.PASSKEY, null, Objects.requireNonNull(credential));
  }

  ChallengeAnswer answering(Challenge challenge) {
    return new ChallengeAnswer(challenge.token(), factor, code, credential);
  }

  /** Hides the code. */
  @Override
  public String toString() {
    return "SecondFactor[" + factor + "]";
  }
}
