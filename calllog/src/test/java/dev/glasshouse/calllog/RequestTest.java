package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls a request can make; a list of them that is none must not become another list. */
class RequestTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "[1]", "[ 1 , {\"a\":[2,3]} ]", "[\"\\ud83d\\ude00\"]", "[\"]},{\"]"})
  void arrayIsAllItTakes(String params) {
    MethodCall call = new MethodCall("m", params);
    assertDoesNotThrow(() -> Request.require(call));
    assertEquals(List.of(call), Request.parse(Request.format(List.of(call))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "{}",
        "null",
        "[1",
        "[1]]",
        "[1] ",
        " [1]",
        "[1],2",
        "[1]},{\"method\":\"n\",\"params\":[2]",
        "[1]}]",
        "[\"\uD83D\"]",
        "[{\"a\":1,\"a\":2}]",
        "[01]"
      })
  void nothingElseIsTaken(String params) {
    MethodCall call = new MethodCall("m", params);
    assertThrows(MalformedException.class, () -> Request.require(call), params);
  }

  @Test
  void methodHasName() {
    assertThrows(MalformedException.class, () -> Request.require(new MethodCall("", "[]")));
    String longest = "m".repeat(MethodCall.MAX_METHOD);
    assertDoesNotThrow(() -> Request.require(new MethodCall(longest, "[]")));
    assertThrows(
        MalformedException.class, () -> Request.require(new MethodCall(longest + "m", "[]")));
    assertThrows(MalformedException.class, () -> Request.require(new MethodCall("\uDE00", "[]")));
  }
}
