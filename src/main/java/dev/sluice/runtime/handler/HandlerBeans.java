package dev.sluice.runtime.handler;

import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;

/**
 * Which MBean servers does a function's code find? Its instance's own: the JVM's would refuse the second instance the name that the first
 * one has taken, and hold its classes for ever. As {@link HandlerSystem}, defined once more by every {@link FunctionClassLoader}; it knows
 * the JDK only. Thread-safe.
 */
public final class HandlerBeans {

    private static final List<MBeanServer> SERVERS = new ArrayList<>();
    private static MBeanServer platform;

    private HandlerBeans() {
    }

    /** {@link ManagementFactory#getPlatformMBeanServer}: with the JVM's own beans, as everybody's has. */
    public static synchronized MBeanServer getPlatformMBeanServer() {
        if (platform == null) {
            MBeanServer made = MBeanServerFactory.newMBeanServer();
            try {
                for (Class<? extends PlatformManagedObject> type : ManagementFactory.getPlatformManagementInterfaces()) {
                    for (PlatformManagedObject bean : ManagementFactory.getPlatformMXBeans(type)) {
                        if (!made.isRegistered(bean.getObjectName())) {
                            made.registerMBean(bean, bean.getObjectName());
                        }
                    }
                }
            } catch (JMException e) {
                throw new IllegalStateException("the JVM's own beans can't be registered", e);
            }
            platform = made;
            SERVERS.add(0, made);
        }
        return platform;
    }

    /** {@link MBeanServerFactory#createMBeanServer()}. */
    public static MBeanServer createMBeanServer() {
        return added(MBeanServerFactory.newMBeanServer());
    }

    /** {@link MBeanServerFactory#createMBeanServer(String)}. */
    public static MBeanServer createMBeanServer(String domain) {
        return added(MBeanServerFactory.newMBeanServer(domain));
    }

    /** {@link MBeanServerFactory#findMBeanServer}. */
    public static synchronized ArrayList<MBeanServer> findMBeanServer(String agentId) {
        ArrayList<MBeanServer> found = new ArrayList<>();
        for (MBeanServer server : SERVERS) {
            if (agentId == null || agentId.equals(idOf(server))) {
                found.add(server);
            }
        }
        return found;
    }

    /** {@link MBeanServerFactory#releaseMBeanServer}. */
    public static synchronized void releaseMBeanServer(MBeanServer server) {
        if (!SERVERS.remove(Objects.requireNonNull(server))) {
            throw new IllegalArgumentException("MBeanServer was not created by this factory");
        }
    }

    private static synchronized MBeanServer added(MBeanServer server) {
        SERVERS.add(server);
        return server;
    }

    private static String idOf(MBeanServer server) {
        try {
            return (String) server.getAttribute(new javax.management.ObjectName("JMImplementation:type=MBeanServerDelegate"),
                    "MBeanServerId");
        } catch (JMException e) {
            throw new IllegalStateException("an MBean server doesn't know its id", e);
        }
    }
}
