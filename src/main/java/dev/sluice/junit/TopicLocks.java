package dev.sluice.junit;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Which topics must no other class use while this one runs? Those that its {@link SluiceTest} names. Stateless. */
final class TopicLocks implements ResourceLocksProvider {

    @Override
    public Set<Lock> provideForClass(Class<?> testClass) {
        return AnnotationSupport.findAnnotation(testClass, SluiceTest.class).stream()
                .flatMap(test -> Arrays.stream(test.topics())).map(topic -> new Lock("dev.sluice topic " + topic))
                .collect(Collectors.toSet());
    }
}
