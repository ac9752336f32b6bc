package dev.glasshouse.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

/** The directions between modules, the homes of libraries, and what the vm never reads. */
@AnalyzeClasses(
    packages = "dev.glasshouse",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
final class ArchitectureTest {
  private static final String CALLLOG = "dev.glasshouse.calllog..";
  private static final String VM = "dev.glasshouse.vm..";
  private static final String RPC = "dev.glasshouse.rpc..";
  private static final String VERIFIER = "dev.glasshouse.verifier..";
  private static final String CLI = "dev.glasshouse.cli..";

  /** The one class of the vm that may own a thread: the engine's. */
  private static final String THREAD_OWNER = "dev.glasshouse.vm.sandbox.SandboxThread";

  @ArchTest static final ArchRule callLogSeesNoOtherModule = blind(CALLLOG, VM, RPC, VERIFIER, CLI);

  @ArchTest static final ArchRule vmSeesTheCallLogOnly = blind(VM, RPC, VERIFIER, CLI);

  @ArchTest static final ArchRule rpcSeesNoVerifier = blind(RPC, VERIFIER, CLI);

  @ArchTest static final ArchRule verifierSeesNoRpc = blind(VERIFIER, RPC, CLI);

  @ArchTest
  static final ArchRule storeAndKeysLiveInTheCallLog =
      home(CALLLOG, "org.rocksdb..", "org.bouncycastle..");

  @ArchTest static final ArchRule theEnginesLiveInTheVm = home(VM, "com.caoccao..", "run.endive..");

  @ArchTest
  static final ArchRule theServerLivesInRpc =
      home(RPC, "io.vertx..", "io.netty..", "io.micrometer..", "io.prometheus..");

  @ArchTest
  static final ArchRule theTerminalLivesInTheCli =
      home(CLI, "picocli..", "org.jline..", "ch.qos.logback..");

  @ArchTest
  static final ArchRule onlyTheCliUsesStandardStreams =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessField(System.class, "in")
          .because("only the command line speaks to a person; the others return values or log")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheCliExits =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("only the command line knows exit codes; the others throw or return")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule vmReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage(VM)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .callMethodWhere(
              targetOwner(resideInAPackage("java.time.."))
                  .and(calling("now"))
                  .as("now() of java.time"))
          .because("the time reaches a script through its entry")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule vmDrawsNoRandomNumber =
      noClasses()
          .that()
          .resideInAPackage(VM)
          .should()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              Random.class, SecureRandom.class, SplittableRandom.class, ThreadLocalRandom.class)
          .because("a script's randomness comes from its entry")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule vmReadsNoLocale =
      noClasses()
          .that()
          .resideInAPackage(VM)
          .should()
          .callMethod(Locale.class, "getDefault")
          .orShould()
          .callMethod(TimeZone.class, "getDefault")
          .orShould()
          .callMethod(ZoneId.class, "systemDefault")
          .because("every host computes the same bytes: name Locale.ROOT or ZoneOffset.UTC")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule vmStartsNoThread =
      noClasses()
          .that()
          .resideInAPackage(VM)
          .and(notOwnedBy(THREAD_OWNER))
          .should()
          .callConstructorWhere(
              targetOwner(JavaClass.Predicates.assignableTo(Thread.class)).as("new Thread(...)"))
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Executors.class, ForkJoinPool.class, Timer.class)
          .because("a call runs on its caller's thread; " + THREAD_OWNER + " owns the engine's")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule vmHasNoNetwork =
      noClasses()
          .that()
          .resideInAPackage(VM)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "javax.net..")
          .because("a script reaches the world through recorded oracles only")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule classesAreClosed =
      classes()
          .that(describe("are plain classes", ArchitectureTest::isPlain))
          .should()
          .haveModifier(JavaModifier.FINAL)
          .because("a class is final, sealed or abstract")
          .allowEmptyShould(true);

  /** The fixtures of other modules arrive as test jars, which are tests too. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static ArchRule blind(String module, String... unseen) {
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unseen)
        .allowEmptyShould(true);
  }

  private static ArchRule home(String module, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .because(module + " is their home")
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaAccess<?>> calling(String method) {
    return describe(method, access -> access.getTarget().getName().equals(method));
  }

  private static DescribedPredicate<JavaClass> notOwnedBy(String owner) {
    return describe(
        "are not " + owner,
        type -> !type.getName().equals(owner) && !type.getName().startsWith(owner + "$"));
  }

  private static boolean isPlain(JavaClass type) {
    return !type.isInterface()
        && !type.isEnum()
        && !type.isRecord()
        && !type.isAnonymousClass()
        && !type.getModifiers().contains(JavaModifier.ABSTRACT)
        && !type.getEnclosingClass().map(JavaClass::isEnum).orElse(false)
        && !type.reflect().isSealed();
  }
}
