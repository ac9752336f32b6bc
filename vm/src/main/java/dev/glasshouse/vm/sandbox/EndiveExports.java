package dev.glasshouse.vm.sandbox;

import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;

/**
 * What {@code quickjs.wasm} exports, as far as the sandbox calls it: its functions under their own
 * names. A value of the guest is the address of its box in linear memory; 0 is none.
 */
final class EndiveExports {
  private static final int CALL = EndiveEngine.exported("qjs_call");
  private static final int DUP_VALUE = EndiveEngine.exported("qjs_dup_value");
  private static final int EVAL = EndiveEngine.exported("qjs_eval");
  private static final int EXECUTE_PENDING_JOB = EndiveEngine.exported("qjs_execute_pending_job");
  private static final int FREE = EndiveEngine.exported("wasm_free");
  private static final int FREE_CSTRING = EndiveEngine.exported("qjs_free_cstring");
  private static final int FREE_VALUE = EndiveEngine.exported("qjs_free_value");
  private static final int GET_ARRAY_BUFFER = EndiveEngine.exported("qjs_get_array_buffer");
  private static final int GET_CONTEXT_PTR = EndiveEngine.exported("qjs_get_context_ptr");
  private static final int GET_EXCEPTION = EndiveEngine.exported("qjs_get_exception");
  private static final int GET_FLOAT64 = EndiveEngine.exported("qjs_get_float64");
  private static final int GET_RUNTIME_PTR = EndiveEngine.exported("qjs_get_runtime_ptr");
  private static final int GET_STRING_LEN = EndiveEngine.exported("qjs_get_string_len");
  private static final int GET_TYPED_ARRAY_BUFFER =
      EndiveEngine.exported("qjs_get_typed_array_buffer");
  private static final int GET_UNDEFINED = EndiveEngine.exported("qjs_get_undefined");
  private static final int INIT = EndiveEngine.exported("qjs_init");
  private static final int INITIALIZE = EndiveEngine.exported("_initialize");
  private static final int IS_EXCEPTION = EndiveEngine.exported("qjs_is_exception");
  private static final int IS_FUNCTION = EndiveEngine.exported("qjs_is_function");
  private static final int IS_JOB_PENDING = EndiveEngine.exported("qjs_is_job_pending");
  private static final int IS_STRING = EndiveEngine.exported("qjs_is_string");
  private static final int MALLOC = EndiveEngine.exported("wasm_malloc");
  private static final int NEW_ERROR = EndiveEngine.exported("qjs_new_error");
  private static final int NEW_HOST_FUNCTION = EndiveEngine.exported("qjs_new_host_function");
  private static final int NEW_NUMBER = EndiveEngine.exported("qjs_new_number");
  private static final int NEW_STRING = EndiveEngine.exported("qjs_new_string");
  private static final int NEW_UINT8_ARRAY = EndiveEngine.exported("qjs_new_uint8_array");
  private static final int SET_INTERRUPT_HANDLER =
      EndiveEngine.exported("qjs_set_interrupt_handler");
  private static final int SET_MAX_STACK_SIZE = EndiveEngine.exported("qjs_set_max_stack_size");
  private static final int SET_MEMORY_LIMIT = EndiveEngine.exported("qjs_set_memory_limit");
  private static final int SET_MODULE_LOADER = EndiveEngine.exported("qjs_set_module_loader");
  private static final int SET_PROP_STRING = EndiveEngine.exported("qjs_set_prop_string");
  private static final int SET_RUNTIME_AND_CONTEXT =
      EndiveEngine.exported("qjs_set_runtime_and_context");
  private static final int THROW = EndiveEngine.exported("qjs_throw");

  private final Machine machine;
  private final GlobalInstance stackPointer;

  EndiveExports(Instance instance) {
    this.machine = instance.getMachine();
    this.stackPointer = instance.exports().global("__stack_pointer");
  }

  private int number(int function, long... arguments) {
    return (int) machine.call(function, arguments)[0];
  }

  private boolean truth(int function, long... arguments) {
    return number(function, arguments) != 0;
  }

  private void run(int function, long... arguments) {
    machine.call(function, arguments);
  }

  int stackPointer() {
    return (int) stackPointer.getValue();
  }

  void setStackPointer(int value) {
    stackPointer.setValue(value);
  }

  void initialize() {
    run(INITIALIZE);
  }

  int init() {
    return number(INIT);
  }

  void setMemoryLimit(int bytes) {
    run(SET_MEMORY_LIMIT, bytes);
  }

  void setMaxStackSize(int bytes) {
    run(SET_MAX_STACK_SIZE, bytes);
  }

  void setInterruptHandler(int on) {
    run(SET_INTERRUPT_HANDLER, on);
  }

  void setModuleLoader(int on) {
    run(SET_MODULE_LOADER, on);
  }

  int getRuntimePtr() {
    return number(GET_RUNTIME_PTR);
  }

  int getContextPtr() {
    return number(GET_CONTEXT_PTR);
  }

  void setRuntimeAndContext(int runtime, int context) {
    run(SET_RUNTIME_AND_CONTEXT, runtime, context);
  }

  int malloc(int bytes) {
    return number(MALLOC, bytes);
  }

  void free(int at) {
    run(FREE, at);
  }

  int eval(int code, int length, int file, int flags) {
    return number(EVAL, code, length, file, flags);
  }

  int call(int function, int that, int count, int arguments) {
    return number(CALL, function, that, count, arguments);
  }

  boolean isJobPending() {
    return truth(IS_JOB_PENDING);
  }

  int executePendingJob() {
    return number(EXECUTE_PENDING_JOB);
  }

  int dupValue(int value) {
    return number(DUP_VALUE, value);
  }

  void freeValue(int value) {
    run(FREE_VALUE, value);
  }

  boolean isException(int value) {
    return truth(IS_EXCEPTION, value);
  }

  boolean isFunction(int value) {
    return truth(IS_FUNCTION, value);
  }

  boolean isString(int value) {
    return truth(IS_STRING, value);
  }

  int getException() {
    return number(GET_EXCEPTION);
  }

  int throwValue(int value) {
    return number(THROW, value);
  }

  int getUndefined() {
    return number(GET_UNDEFINED);
  }

  double getFloat64(int value) {
    return Double.longBitsToDouble(machine.call(GET_FLOAT64, new long[] {value})[0]);
  }

  int newNumber(double value) {
    return number(NEW_NUMBER, Double.doubleToRawLongBits(value));
  }

  int newString(int at, int length) {
    return number(NEW_STRING, at, length);
  }

  int getStringLen(int value, int lengthAt) {
    return number(GET_STRING_LEN, value, lengthAt);
  }

  void freeCstring(int at) {
    run(FREE_CSTRING, at);
  }

  int newUint8Array(int at, int length) {
    return number(NEW_UINT8_ARRAY, at, length);
  }

  int getTypedArrayBuffer(int value, int offsetAt, int lengthAt, int elementAt) {
    return number(GET_TYPED_ARRAY_BUFFER, value, offsetAt, lengthAt, elementAt);
  }

  int getArrayBuffer(int value, int lengthAt) {
    return number(GET_ARRAY_BUFFER, value, lengthAt);
  }

  int newError() {
    return number(NEW_ERROR);
  }

  int setPropString(int target, int key, int value) {
    return number(SET_PROP_STRING, target, key, value);
  }

  int newHostFunction(int name, int nameLength, int magic) {
    return number(NEW_HOST_FUNCTION, name, nameLength, magic);
  }
}
