import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.springframework.boot.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Asks Spring Boot itself what the settings of an application are. Each line of the input is a module's folder, the active
 * profiles and names, with tabs between them; a name that ends with [] is a list. Each answer ends with a line of two dashes.
 */
public class SpringAnswers {
    public static void main(String[] arguments) throws Exception {
        Scanner input = new Scanner(System.in, "UTF-8");
        while (input.hasNextLine()) {
            String[] parts = input.nextLine().split("\t", -1);
            try {
                answer(Paths.get(parts[0]).toAbsolutePath(), parts[1], parts[2].split(","));
            } catch (Exception error) {
                System.out.println("!" + error.getClass().getSimpleName());
            }
            System.out.println("--");
            System.out.flush();
        }
    }

    private static void answer(Path module, String profiles, String[] names) throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        Map<String, Object> given = new HashMap<>();
        if (!profiles.isEmpty()) {
            given.put("spring.profiles.active", profiles);
        }
        // the default locations, with the module as the working directory
        given.put("spring.config.location", "optional:classpath:/;optional:classpath:/config/,optional:file:" + module
                + "/;optional:file:" + module + "/config/");
        environment.getPropertySources().addFirst(new MapPropertySource("given", given));
        URL[] resources = {module.resolve("src/main/resources").toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(resources, SpringAnswers.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            ConfigDataEnvironmentPostProcessor.applyTo(
                    environment, new DefaultResourceLoader(loader), new DefaultBootstrapContext());
            Binder binder = Binder.get(environment);
            for (String name : names) {
                System.out.println(name + "=" + read(binder, name));
            }
        }
    }

    private static String read(Binder binder, String name) {
        if (name.endsWith("[]")) {
            BindResult<List<String>> found = binder.bind(name.substring(0, name.length() - 2), Bindable.listOf(String.class));
            return found.isBound() ? String.join("|", found.get()) : "";
        }
        return binder.bind(name, String.class).orElse("");
    }
}
